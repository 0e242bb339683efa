import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { TraceSpan } from "../../src/telemetry/trace-span.ts";

const START_NS = 1_763_000_000_000_000_000n;
const MS = 1_000_000n;

/** A span for tests of what prints them. @param id Its span id, as a number; the trace is the same for all. */
export function span(
  id: number,
  name: string,
  { parent, at = 0, ms = 100, events = [], ...rest }: SpanSketch = {},
): TraceSpan {
  const startNs = START_NS + BigInt(at) * MS;
  return {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: hex(id),
    parentSpanId: parent === undefined ? undefined : hex(parent),
    name,
    kind: SpanKind.INTERNAL,
    startNs,
    endNs: startNs + BigInt(ms) * MS,
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    events: events.map((event) => ({ attributes: {}, ...event, timeNs: startNs + BigInt(event.at) * MS })),
    resource: {},
    scope: "agent-otel",
    ...rest,
  };
}

interface SpanSketch extends Partial<Omit<TraceSpan, "events">> {
  readonly parent?: number;
  /** Milliseconds after the start of the trace. */
  readonly at?: number;
  readonly ms?: number;
  /** `at`: milliseconds after the start of the span. */
  readonly events?: readonly { name: string; at: number; attributes?: Record<string, unknown> }[];
}

/** Attributes of a model call. */
export function model(input: number, output: number, cost?: number): Record<string, unknown> {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": output,
    ...(cost !== undefined && { "gen_ai.usage.cost.amount": cost }),
  };
}

/** Attributes of an agent call with the totals of its subtree. */
export function agent(calls: number, tokens: number, cost?: number): Record<string, unknown> {
  return {
    "gen_ai.operation.name": "invoke_agent",
    "agents.subtree.calls": calls,
    "agents.subtree.tokens": tokens,
    ...(cost !== undefined && { "agents.subtree.cost": cost }),
  };
}

function hex(id: number): string {
  return id.toString(16).padStart(16, "0");
}
