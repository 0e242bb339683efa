import { trace } from "@opentelemetry/api";
import type { RateLimitedError } from "../../errors/rate-limited-error.ts";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";

/** A call was refused: attributes and an event on the span of whoever called. Never throws. The key is in neither: it may be a user. */
export function rateLimitRefused({ limiter, reason, retryAfterMs }: RateLimitedError): void {
  safely(`adding the event ${names.EVENT_RATE_LIMIT_REJECTION}`, () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    const which = { [names.ATTR_RATE_LIMIT_NAME]: limiter, [names.ATTR_RATE_LIMIT_REASON]: reason };
    span.setAttributes(which);
    span.addEvent(names.EVENT_RATE_LIMIT_REJECTION, {
      ...which,
      [names.ATTR_RATE_LIMIT_RETRY_AFTER]: retryAfterMs / 1_000,
    });
  });
}
