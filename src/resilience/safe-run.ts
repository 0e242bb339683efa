import { trace } from "@opentelemetry/api";
import { FallbackFailedError } from "../errors/fallback-failed-error.ts";
import type { After } from "../internal/timers.ts";
import { safely } from "../internal/warn-once.ts";
import { exceptionAttributes } from "../telemetry/exception-attributes.ts";
import { type FallbackOutcome, fallbackCounts } from "../telemetry/resilience/fallback-counts.ts";
import { ATTR_FALLBACK_KIND, ATTR_FALLBACK_OUTCOME, EVENT_EXCEPTION } from "../telemetry/semconv.ts";
import { timeLimit } from "./fallback/time-limit.ts";
import { untilAborted } from "./fallback/until-aborted.ts";
import { NEVER, type Operation } from "./policy.ts";

/** What a supervisor gets in place of an answer where `safeRun` is told nothing else. A text, since a model reads it. */
export const WORKER_UNAVAILABLE = "Worker unavailable.";

const KIND = "safe_run";

export interface SafeRunOptions<F> {
  /** Milliseconds that the function has. @default 30_000 */
  readonly timeoutMs?: number;
  /** What is returned where it fails: a value, or what makes one of the error. @default "Worker unavailable." */
  readonly fallback?: F | ((error: unknown) => F | PromiseLike<F>);
  /** The caller's. The function gets one that is also aborted when its time is over. */
  readonly signal?: AbortSignal;
  /** For tests. */
  readonly after?: After;
}

/**
 * Runs a function that may fail or hang, and returns the fallback where it does: the caller goes on. Counted, and said on the active span
 * as an exception.
 *
 * @throws the caller's reason when the caller aborts; a `FallbackFailedError` where `fallback` is a function that throws; RangeError on a bad
 *   time.
 */
export async function safeRun<T, F = typeof WORKER_UNAVAILABLE>(
  fn: Operation<T>,
  options: SafeRunOptions<F> = {},
): Promise<T | F> {
  const { timeoutMs = 30_000, signal = NEVER, after } = options;
  if (typeof fn !== "function") throw new TypeError(`safeRun: fn must be a function, got ${String(fn)}`);
  const limit = timeLimit("safeRun: timeoutMs", timeoutMs, after === undefined ? {} : { after });
  try {
    return await limit.execute(fn, options.signal);
  } catch (error) {
    signal.throwIfAborted();
    return await instead(error, options, signal);
  }
}

async function instead<F>(error: unknown, options: SafeRunOptions<F>, signal: AbortSignal): Promise<F> {
  try {
    const value = await untilAborted(() => chosen(options, error), signal);
    tell("answered", error);
    return value;
  } catch (fallbackError) {
    tell("failed", error);
    signal.throwIfAborted();
    throw new FallbackFailedError(KIND, error, fallbackError);
  }
}

function chosen<F>(options: SafeRunOptions<F>, error: unknown): F | PromiseLike<F> {
  // Whoever writes `fallback: undefined` wants that.
  if (!Object.hasOwn(options, "fallback")) return WORKER_UNAVAILABLE as F;
  const { fallback } = options;
  return typeof fallback === "function"
    ? (fallback as (error: unknown) => F | PromiseLike<F>)(error)
    : (fallback as F);
}

function tell(outcome: FallbackOutcome, error: unknown): void {
  fallbackCounts.count(KIND, undefined, outcome);
  safely("telling the active span of safeRun", () => {
    trace.getActiveSpan()?.addEvent(EVENT_EXCEPTION, {
      ...exceptionAttributes(error),
      [ATTR_FALLBACK_KIND]: KIND,
      [ATTR_FALLBACK_OUTCOME]: outcome,
    });
  });
}
