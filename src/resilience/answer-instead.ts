import { context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { isAgentError } from "../errors/agent-error.ts";
import { FallbackFailedError } from "../errors/fallback-failed-error.ts";
import { safely } from "../internal/warn-once.ts";
import { exceptionAttributes } from "../telemetry/exception-attributes.ts";
import { type FallbackOutcome, fallbackCounts } from "../telemetry/resilience/fallback-counts.ts";
import * as names from "../telemetry/semconv.ts";
import { currentTracer } from "../telemetry/tracer.ts";
import type { FailedCall, Fallback, FallbackAnswer } from "./fallback/fallback.ts";
import { untilAborted } from "./fallback/until-aborted.ts";
import type { Outcome } from "./policy-chain.ts";

/**
 * Asks a fallback, in a span of its own, below which stands all that it does.
 *
 * @throws the call's own error where the fallback has nothing to offer; the caller's reason once the caller gives up; else a
 *   `FallbackFailedError`.
 */
export async function answerInstead(
  fallback: Fallback,
  call: FailedCall,
): Promise<Omit<Outcome<unknown>, "error">> {
  const span = startSpan(fallback.kind, call);
  let answer: FallbackAnswer | undefined;
  try {
    answer = await untilAborted(() => inSpan(span, () => fallback.answer(call)), call.signal);
  } catch (error) {
    finish(span, fallback.kind, call, "failed", error);
    // A refusal that the fallback makes on purpose (a human was told) is the answer to the caller, not an accident.
    if (call.signal.aborted || (isAgentError(error) && error.code === "escalated")) throw error;
    throw new FallbackFailedError(fallback.kind, call.error, error);
  }
  if (answer === undefined) {
    finish(span, fallback.kind, call, "empty");
    throw call.error;
  }
  describe(span, answer);
  finish(span, fallback.kind, call, "answered");
  const { value, ...how } = answer;
  return { value, fallback: { kind: fallback.kind, ...how } };
}

function startSpan(kind: string, { name, error }: FailedCall): Span | undefined {
  let span: Span | undefined;
  safely("starting the span of a fallback", () => {
    span = currentTracer()?.startSpan(`fallback ${kind}`);
    span?.setAttribute(names.ATTR_FALLBACK_KIND, kind);
    if (name !== undefined) span?.setAttribute(names.ATTR_BREAKER_NAME, name);
    span?.addEvent(names.EVENT_EXCEPTION, exceptionAttributes(error));
  });
  return span;
}

function inSpan<T>(span: Span | undefined, fn: () => T): T {
  return span === undefined ? fn() : context.with(trace.setSpan(context.active(), span), fn);
}

function describe(span: Span | undefined, { confidence, ageMs, ticket }: FallbackAnswer): void {
  if (span === undefined) return;
  safely("describing a fallback", () => {
    if (confidence !== undefined) span.setAttribute(names.ATTR_FALLBACK_CONFIDENCE, confidence);
    if (ageMs !== undefined) span.setAttribute(names.ATTR_FALLBACK_AGE, ageMs / 1_000);
    if (ticket !== undefined) span.setAttribute(names.ATTR_FALLBACK_TICKET, ticket);
  });
}

function finish(
  span: Span | undefined,
  kind: string,
  call: FailedCall,
  outcome: FallbackOutcome,
  error?: unknown,
): void {
  fallbackCounts.count(kind, call.name, outcome);
  if (span === undefined) return;
  safely("ending the span of a fallback", () => {
    span.setAttribute(names.ATTR_FALLBACK_OUTCOME, outcome);
    if (outcome === "failed") {
      span.addEvent(names.EVENT_EXCEPTION, exceptionAttributes(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  });
}
