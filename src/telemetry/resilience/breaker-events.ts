import { type Attributes, trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../semconv.ts";
import { tellSignal } from "../signals.ts";

/** A call was refused: an event on the span of whoever called. Never throws. @param retryAfterMs Infinity where opened by hand. */
export function breakerRejected(breaker: string, state: string, retryAfterMs: number): void {
  onActiveSpan(names.EVENT_BREAKER_REJECTION, () => ({
    [names.ATTR_BREAKER_NAME]: breaker,
    [names.ATTR_BREAKER_STATE]: state,
    ...(Number.isFinite(retryAfterMs) && { [names.ATTR_BREAKER_RETRY_AFTER]: retryAfterMs / 1_000 }),
  }));
}

/** The state changed: an event on the span that is active just then, which mostly is that of the call that brought it about. */
export function breakerMoved(breaker: string, from: string, to: string, reason: string): void {
  onActiveSpan(names.EVENT_BREAKER_TRANSITION, () => ({
    [names.ATTR_BREAKER_NAME]: breaker,
    [names.ATTR_BREAKER_FROM]: from,
    [names.ATTR_BREAKER_TO]: to,
    [names.ATTR_BREAKER_REASON]: reason,
  }));
  tellSignal(() => ({ kind: "breaker_moved", breaker, from, to, reason }));
}

function onActiveSpan(event: string, attributes: () => Attributes): void {
  safely(`adding the event ${event}`, () => {
    const span = trace.getActiveSpan();
    if (span?.isRecording()) span.addEvent(event, attributes());
  });
}
