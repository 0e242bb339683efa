import { join } from "node:path";
import { BadCursorError } from "../../../src/errors/bad-cursor-error.ts";
import type { FailureSource, TraceRow, TraceSource } from "../../../src/server/index.ts";
import { sqliteLedger } from "../../../src/stores/sqlite/sqlite-ledger.ts";
import { sqliteStore } from "../../../src/stores/sqlite/sqlite-store.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { deadLetterQueue } from "../../../src/work/dead-letter-queue.ts";
import { NOW_MS } from "./served.ts";

export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

const ROW: TraceRow = {
  trace_id: TRACE_ID,
  name: "invoke_agent writer",
  service: "desk",
  start: new Date(NOW_MS).toISOString(),
  duration_ms: 12.5,
  spans: 2,
  errors: 1,
  agents: ["writer"],
  models: ["gpt-4o"],
  model_calls: 1,
  tokens: 30,
  cost_usd: 0.01,
  unpriced_calls: 0,
  findings: 0,
};

const START_NS = BigInt(NOW_MS) * 1_000_000n;
const SPAN: TraceSpan = {
  traceId: TRACE_ID,
  spanId: "00f067aa0ba902b7",
  parentSpanId: undefined,
  name: "invoke_agent writer",
  kind: 0,
  startNs: START_NS,
  endNs: START_NS + 12_500_000n,
  status: { code: 2, message: "too bad" },
  attributes: { "gen_ai.agent.name": "writer", "error.type": "Error", odd: 1n },
  events: [{ name: "retry", timeNs: START_NS + 1_000_500n, attributes: { again: true } }],
  links: [{ traceId: TRACE_ID, spanId: "00f067aa0ba902b8" }],
  resource: { "service.name": "desk" },
  scope: "agent-otel",
};
const CHAT: TraceSpan = {
  ...SPAN,
  spanId: "00f067aa0ba902b9",
  parentSpanId: SPAN.spanId,
  name: "chat gpt-4o",
  kind: 2,
  startNs: START_NS + 2_000_000n,
  endNs: undefined,
  status: { code: 0 },
  attributes: {
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 20,
    "gen_ai.usage.cost.amount": 0.01,
  },
  events: [],
};

/** One trace. */
export const traces: TraceSource = {
  async search({ cursor }) {
    if (cursor !== undefined && cursor !== "1") throw new BadCursorError();
    return { items: [ROW], next: cursor === undefined ? "1" : undefined };
  },
  async get(id) {
    if (id !== TRACE_ID) return undefined;
    const log = {
      time: ROW.start,
      severity: "INFO",
      body: "hello",
      event_name: null,
      service: "desk",
      span_id: SPAN.spanId,
      attributes: {},
    };
    return { row: ROW, spans: [CHAT, SPAN], logs: [log], truncated: false };
  },
};

export const failures: FailureSource = {
  list: async () => ({
    items: [
      {
        mode: "step_repetition",
        agent: "writer",
        time: ROW.start,
        trace_id: TRACE_ID,
        span_id: SPAN.spanId,
        action: "warn",
        evidence: { times: 4 },
      },
    ],
    next: undefined,
  }),
};

/** A ledger and a queue in files of a folder. @returns Closes them. */
export function stored(folder: string) {
  const store = sqliteStore(join(folder, "work.db"));
  const ledger = sqliteLedger({ path: join(folder, "ledger.db") });
  const queue = deadLetterQueue({ name: "mail", store });
  const close = async () => {
    await ledger.close();
    await store.close?.();
  };
  return { ledger, queue, close };
}
