import { isAgentError } from "../errors/agent-error.ts";
import { checkWhole } from "../internal/check-number.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import { deadlineOf } from "../internal/deadline.ts";
import { pause } from "../internal/pause.ts";
import { type After, systemAfter } from "../internal/timers.ts";
import { answerOr } from "./answer-or.ts";
import { type Policy, policyOf, run } from "./policy.ts";

export interface RetryOptions {
  /** Calls in all, the first one included. @default 3 */
  readonly attempts?: number;
  /** Milliseconds before the attempt of that number, from 2. @default full jitter up to 500 ms, doubled each time, 30 s at most */
  readonly backoff?: (attempt: number, error: unknown) => number;
  /** Whether another attempt may help. @default all but our own refusals: an open breaker is not asked again at once */
  readonly retryIf?: (error: unknown) => boolean;
  /** For tests. */
  readonly after?: After;
  /** For tests. */
  readonly clock?: Pick<Clock, "monotonic">;
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Calls again what failed. Stops when the caller's signal is aborted, and rejects with its reason; else with the last error. Does not
 * begin a pause that the caller's deadline (`deadline`, or a `timeout` further out) does not leave time for: the last error comes at once.
 *
 * @throws RangeError or TypeError that names a bad option and its value.
 */
export function retry(options: RetryOptions = {}): Policy {
  const { backoff = jittered, retryIf = isNoRefusal, after = systemAfter, clock = systemClock } = options;
  const attempts = checkWhole("retry: attempts", options.attempts ?? 3, 1);
  for (const [name, fn] of Object.entries({ backoff, retryIf })) {
    if (typeof fn !== "function") throw new TypeError(`retry: ${name} must be a function, got ${String(fn)}`);
  }
  return policyOf(async (fn, signal) => {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await run(fn, signal);
      } catch (error) {
        if (attempt >= attempts || signal?.aborted) throw error;
        if (!answerOr("retry: retryIf", () => retryIf(error), false)) throw error;
        const pauseMs = answerOr("retry: backoff", () => backoff(attempt + 1, error), undefined);
        if (pauseMs === undefined) throw error;
        if (clock.monotonic() + pauseMs >= (deadlineOf(signal) ?? Number.POSITIVE_INFINITY)) throw error;
        await pause(pauseMs, signal, after);
      }
    }
  });
}

function jittered(attempt: number): number {
  return Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 2));
}

function isNoRefusal(error: unknown): boolean {
  return !isAgentError(error) || error.code === "timeout";
}
