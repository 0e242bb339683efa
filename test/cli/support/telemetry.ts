import { join } from "node:path";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { telemetryStore } from "../../../src/server/telemetry-store/telemetry-store.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/** US dollars, of one call. */
const COST = 0.00021;

/** One for all spans, so that those of one trace fit together to the millisecond. */
const NOW_MS = Date.now();

let spanCount = 0;

/** A span of the last minute, in the trace with this id. */
export function spanOf(
  traceId: string,
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  more: Partial<TraceSpan> & { readonly durationMs?: number; readonly agoMs?: number } = {},
): TraceSpan {
  const { durationMs = 100, agoMs = 5_000, ...changes } = more;
  spanCount += 1;
  const startNs = BigInt(NOW_MS - agoMs - durationMs) * 1_000_000n;
  return {
    traceId,
    spanId: spanCount.toString(16).padStart(16, "0"),
    parentSpanId: undefined,
    name,
    kind: SpanKind.INTERNAL,
    startNs,
    endNs: startNs + BigInt(durationMs) * 1_000_000n,
    status: { code: SpanStatusCode.UNSET },
    attributes,
    events: [],
    resource: { "service.name": "app" },
    scope: "agent-otel",
    ...changes,
  };
}

interface RunFacts {
  readonly failed?: boolean;
  /** The run of the agent that called it. */
  readonly caller?: TraceSpan;
  readonly agoMs?: number;
  /** Model calls that it had made, its own among them. */
  readonly calls?: number;
}

/** One run of an agent with a call of a model below it. */
export function runOf(
  traceId: string,
  agent: string,
  { failed = false, caller, agoMs = 5_000, calls = 1 }: RunFacts = {},
): readonly [run: TraceSpan, call: TraceSpan] {
  const error = failed ? { [names.ATTR_ERROR_TYPE]: "timeout" } : {};
  const status = { code: failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET };
  const run = spanOf(
    traceId,
    `invoke_agent ${agent}`,
    {
      [names.ATTR_OPERATION]: names.OP_INVOKE_AGENT,
      [names.ATTR_AGENT_NAME]: agent,
      ...(caller !== undefined && {
        [names.ATTR_CALLER_TYPE]: "agent",
        [names.ATTR_CALLER_NAME]: caller.attributes[names.ATTR_AGENT_NAME],
      }),
      [names.ATTR_SUBTREE_CALLS]: calls,
      [names.ATTR_SUBTREE_TOKENS]: calls * 1_100,
      [names.ATTR_SUBTREE_COST]: calls * COST,
      ...error,
    },
    { parentSpanId: caller?.spanId, durationMs: 200 * calls, agoMs, status },
  );
  const call = spanOf(
    traceId,
    "chat gpt-4o-mini",
    {
      [names.ATTR_OPERATION]: "chat",
      [names.ATTR_AGENT_NAME]: agent,
      [names.ATTR_PROVIDER]: "openai",
      [names.ATTR_REQUEST_MODEL]: "gpt-4o-mini",
      [names.ATTR_USAGE_INPUT]: 1_000,
      [names.ATTR_USAGE_OUTPUT]: 100,
      [names.ATTR_COST_AMOUNT]: COST,
      [names.ATTR_COST_CURRENCY]: "USD",
    },
    { parentSpanId: run.spanId, kind: SpanKind.CLIENT, agoMs },
  );
  return [run, call];
}

/** The file of an `agent-otel dev` that has received these, and has ended. Goes with the test. */
export async function telemetryFile(spans: readonly TraceSpan[]): Promise<string> {
  const path = join(await temporaryFolder(), "telemetry.db");
  const store = telemetryStore({ path });
  try {
    await store.add({ spans });
  } finally {
    store.close();
  }
  return path;
}
