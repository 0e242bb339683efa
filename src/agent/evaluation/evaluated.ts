import {
  context,
  isSpanContextValid,
  type Span,
  type SpanContext,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";
import { activeScope } from "../active-scope.ts";

/** What can be evaluated: a span of the OpenTelemetry API or SDK, its ids alone, or a span as `TraceSpan` has it. */
export type EvaluatedSpan =
  | Span
  | { readonly traceId: string; readonly spanId: string; readonly traceFlags?: number }
  | { spanContext(): SpanContext };

/** The span that an evaluation is about, as far as it is known here. */
export interface Evaluated {
  /** `undefined` where there is no span: no SDK, or nothing active. */
  readonly spanContext: SpanContext | undefined;
  /** Where events can still be added to it. */
  readonly live: Span | undefined;
  readonly agent: string | undefined;
  readonly responseId: string | undefined;
}

const NOTHING: Evaluated = {
  spanContext: undefined,
  live: undefined,
  agent: undefined,
  responseId: undefined,
};

/** @throws TypeError where `given` is no span and has no valid ids. */
export function evaluatedOf(given: EvaluatedSpan | undefined): Evaluated {
  if (given === undefined) return activeOne();
  if (typeof given !== "object" || given === null) return refuse(typeof given);
  if ("spanContext" in given && typeof given.spanContext === "function") return spanObject(given);
  if (!("traceId" in given)) return refuse("neither");
  const { traceId, spanId, traceFlags } = given;
  // Whoever has it from a file or a receiver has one that was sampled.
  const spanContext = { traceId, spanId, traceFlags: traceFlags ?? TraceFlags.SAMPLED };
  if (!isSpanContextValid(spanContext)) return refuse("ids that are none");
  return { spanContext, live: undefined, ...said(given) };
}

function spanObject(given: Span | { spanContext(): SpanContext }): Evaluated {
  let found = NOTHING;
  safely("reading a span that is evaluated", () => {
    const spanContext = given.spanContext();
    // Without an SDK a span has the ids 0.
    if (!isSpanContextValid(spanContext)) return;
    const live = "isRecording" in given && given.isRecording() ? given : undefined;
    found = { spanContext, live, ...said(given) };
  });
  return found;
}

function activeOne(): Evaluated {
  const active = trace.getSpan(context.active());
  const agent = activeScope()?.agent;
  if (active === undefined) return { ...NOTHING, agent };
  const found = evaluatedOf(active);
  return { ...found, agent: found.agent ?? agent };
}

/** Spans of the SDK and of files show their attributes; those of the API do not. */
function said(span: object): Pick<Evaluated, "agent" | "responseId"> {
  const attributes = ("attributes" in span ? span.attributes : undefined) as
    | Readonly<Record<string, unknown>>
    | undefined;
  return {
    agent: text(attributes?.[names.ATTR_AGENT_NAME]),
    responseId: text(attributes?.[names.ATTR_RESPONSE_ID]),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function refuse(got: string): never {
  throw new TypeError(
    `recordEvaluation: the first argument must be a span, or { traceId, spanId } in lower-case hex digits, got ${got}`,
  );
}
