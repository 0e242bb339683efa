import { headersOf, pauseOf } from "../../resilience/rate-limit/retry-after.ts";

/**
 * How long the provider asks to wait, whatever the status of its answer: `retry-after-ms`, else `Retry-After` in seconds or as a date.
 *
 * @param nowMs Wall clock, milliseconds since the epoch.
 * @returns Milliseconds above 0, at most five minutes; `undefined` where it did not say, or nothing that can be read.
 */
export function retryAfterOf(error: unknown, nowMs: number): number | undefined {
  return pauseOf({ status: 429, headers: sdkHeaders(error) ?? headersOf(error) }, nowMs, () => 0);
}

/** The AI SDK has a name of its own for them. */
function sdkHeaders(error: unknown): unknown {
  return typeof error === "object" && error !== null && "responseHeaders" in error
    ? error.responseHeaders
    : undefined;
}
