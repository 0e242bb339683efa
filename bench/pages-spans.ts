// A week of an application of agents, as spans that have been read already: what is measured is what comes after.
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { TelemetryStore } from "../src/server/telemetry-store/telemetry-store.ts";
import type { TraceEvent, TraceSpan } from "../src/telemetry/trace-span.ts";

const AGENTS = ["supervisor", "researcher", "writer", "reviewer", "planner", "coder", "tester", "editor"];
const MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash"];
const TOOLS = ["search", "fetch", "calculator", "shell", "browser", "database"];
const SPANS_A_TRACE = 10;
const BATCH = 200;
const RESOURCE = { "service.name": "office", "service.version": "1.4.2" };

export interface Sample {
  readonly traceId: string;
  readonly agent: string;
  readonly rareAgent: string;
  readonly model: string;
  readonly otherModel: string;
  readonly tool: string;
  readonly conversation: string;
}

/** @param at Called with the time that it is, milliseconds since the epoch. */
export async function fill(
  store: TelemetryStore,
  spans: number,
  lastsMs: number,
  at: (ms: number) => void,
): Promise<Sample> {
  const traces = spans / SPANS_A_TRACE;
  const startMs = Date.now() - lastsMs;
  for (let first = 0; first < traces; first += BATCH) {
    at(startMs + (lastsMs * (first + BATCH)) / traces);
    const batch = Array.from({ length: Math.min(BATCH, traces - first) }, (_, i) =>
      oneTrace(first + i, startMs + (lastsMs * (first + i)) / traces),
    );
    await store.add({ spans: batch.flat() });
    // Not after each, or folding what is over would be most of the work.
    if (first % 10_000 === 0) store.tidy();
  }
  return {
    traceId: traceIdOf(Math.floor(traces / 2)),
    agent: "researcher",
    rareAgent: "auditor",
    model: "gpt-4o",
    otherModel: "gemini-2.5-flash",
    tool: "search",
    conversation: "session-77",
  };
}

function oneTrace(i: number, startMs: number): readonly TraceSpan[] {
  const traceId = traceIdOf(i);
  const rootId = spanIdOf(i, 0);
  const conversation = `session-${i % 20_000}`;
  const others = Array.from({ length: 3 }, (_, n) => AGENTS[(i + n * 3) % AGENTS.length] as string);
  if (i % 4_999 === 0) others[2] = "auditor";
  const make = spanMaker(traceId, startMs, conversation);
  const root = make(
    rootId,
    undefined,
    "invoke_agent supervisor",
    agentAttributes("supervisor", undefined),
    i,
  );
  const rest = others.flatMap((agent, n) => {
    const agentId = spanIdOf(i, 1 + n * 3);
    const model = MODELS[(i + n) % MODELS.length] as string;
    const tool = TOOLS[(i * 7 + n) % TOOLS.length] as string;
    return [
      make(agentId, rootId, `invoke_agent ${agent}`, agentAttributes(agent, "supervisor"), i + n),
      make(spanIdOf(i, 2 + n * 3), agentId, `chat ${model}`, modelAttributes(agent, model, i), i + 2 * n),
      make(spanIdOf(i, 3 + n * 3), agentId, `execute_tool ${tool}`, toolAttributes(agent, tool), i + 3 * n),
    ];
  });
  return [root, ...rest];
}

function spanMaker(traceId: string, startMs: number, conversation: string) {
  return (
    spanId: string,
    parentSpanId: string | undefined,
    name: string,
    attributes: Readonly<Record<string, unknown>>,
    n: number,
  ): TraceSpan => {
    const startNs = BigInt(Math.round(startMs * 1e3)) * 1_000n;
    const failed = n % 29 === 0;
    return {
      traceId,
      spanId,
      parentSpanId,
      name,
      kind: SpanKind.INTERNAL,
      startNs,
      endNs: startNs + BigInt(1_000_000 * (1 + ((n * 7_919) % 30_000))),
      status: { code: failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
      attributes: {
        ...attributes,
        "gen_ai.conversation.id": conversation,
        ...(failed && { "error.type": n % 2 === 0 ? "timeout" : "rate_limited" }),
      },
      events: eventsOf(n, startNs),
      resource: RESOURCE,
      scope: "agent-otel",
    };
  };
}

function eventsOf(n: number, timeNs: bigint): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  if (n % 97 === 0)
    events.push({
      name: "agents.failure_mode",
      timeNs,
      attributes: { "agents.failure_mode.name": n % 2 === 0 ? "loop" : "step_repetition" },
    });
  if (n % 53 === 0)
    events.push({
      name: "agents.breaker.transition",
      timeNs,
      attributes: {
        "agents.breaker.name": n % 2 === 0 ? "search" : "openai",
        "agents.breaker.from": "closed",
        "agents.breaker.to": "open",
      },
    });
  return events;
}

function agentAttributes(agent: string, caller: string | undefined) {
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": agent,
    ...(caller !== undefined && { "gen_ai.caller.type": "agent", "gen_ai.caller.name": caller }),
    "agents.subtree.calls": 3,
    "agents.subtree.tokens": 3_000,
    "agents.subtree.cost": 0.004,
  };
}

function modelAttributes(agent: string, model: string, i: number) {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": model.startsWith("claude") ? "anthropic" : "openai",
    "gen_ai.request.model": model,
    "gen_ai.response.model": model,
    "gen_ai.agent.name": agent,
    "gen_ai.usage.input_tokens": 1_000 + (i % 500),
    "gen_ai.usage.output_tokens": 400,
    "gen_ai.usage.cost.amount": 0.000_01 * (1 + (i % 1_000)),
    "gen_ai.usage.cost.source": "local",
    "gen_ai.response.finish_reasons": ["stop"],
  };
}

function toolAttributes(agent: string, tool: string) {
  return { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool, "gen_ai.agent.name": agent };
}

/** As random ones stand: not in the order in which they were made. */
function traceIdOf(i: number): string {
  return `${hex(Math.imul(i + 1, 2_654_435_761))}${hex(Math.imul(i + 7, 40_503))}${hex(i)}${hex(i + 1)}`;
}

function spanIdOf(i: number, n: number): string {
  return `${hex(Math.imul(i * 10 + n + 1, 2_246_822_519))}${hex(i * 10 + n + 1)}`;
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
