import { checkName } from "../../internal/check-name.ts";
import { checkRate, checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import type { CallVerdict } from "../../resilience/classify-error.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";

const LONGEST_TIMER_MS = 2_147_483_647;

/** All have defaults. */
export interface SupervisorOptions {
  /** Shows up in errors and metrics. @default "supervisor" */
  readonly name?: string;
  /** Tasks that may wait, 1 to 1,000,000. @default 100 */
  readonly maxQueue?: number;
  /** Load of all workers together from which tasks are refused that no worker could take now, above 0 and at most 1. @default 0.8 */
  readonly backpressureThreshold?: number;
  /** How long a task may take, milliseconds, where it does not say so itself. @default 60_000 */
  readonly taskTimeoutMs?: number;
  /** A task that waits gains one priority for each so many milliseconds. @default 10_000 */
  readonly agingMs?: number;
  /** Milliseconds after which a failed worker is tried again; longer each time that this fails, up to 5 minutes. @default 30_000 */
  readonly recoveryTimeoutMs?: number;
  /** How many of the last tasks of a worker are looked at, 6 to 10,000. @default 20 */
  readonly window?: number;
  /** What an error of a handler says about its worker. @default every error counts, unless the task's own signal was aborted */
  readonly classify?: (error: unknown) => CallVerdict;
  /** Results of ended tasks that are kept, 1 to 1,000,000; beyond, the oldest is let go. @default 1_000 */
  readonly keepResults?: number;
  /** Milliseconds that a result is kept. @default 300_000 */
  readonly keepResultsMs?: number;
  /** Gets the tasks that failed, took too long or were never started, but for those whose submitter gave up. @default nobody does */
  readonly deadLetters?: DeadLetterQueue;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** For tests: jitter of the time until a failed worker is tried again. From 0 to 1, as `Math.random`, the default. */
  readonly random?: () => number;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/** The options, checked, with their defaults. */
export interface SupervisorSettings {
  readonly name: string;
  readonly maxQueue: number;
  readonly backpressureThreshold: number;
  readonly taskTimeoutMs: number;
  readonly agingMs: number;
  readonly recoveryTimeoutMs: number;
  readonly window: number;
  readonly classify: (error: unknown) => CallVerdict;
  readonly keepResults: number;
  readonly keepResultsMs: number;
  readonly clock: Clock;
  readonly after: After;
  readonly random: () => number;
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function supervisorSettings(options: SupervisorOptions): SupervisorSettings {
  const { name = "supervisor", backpressureThreshold = 0.8, classify = countsAll, deadLetters } = options;
  const whole = (option: keyof SupervisorOptions, byDefault: number, min: number, max?: number): number =>
    checkWhole(`supervisor: ${option}`, options[option] ?? byDefault, min, max);
  checkName("supervisor", name);
  checkRate("supervisor: backpressureThreshold", backpressureThreshold);
  if (typeof classify !== "function")
    throw new TypeError(`supervisor: classify must be a function, got ${String(classify)}`);
  if (deadLetters !== undefined && typeof deadLetters?.add !== "function")
    throw new TypeError("supervisor: deadLetters must be a deadLetterQueue");
  return {
    name,
    backpressureThreshold,
    classify,
    maxQueue: whole("maxQueue", 100, 1, 1_000_000),
    taskTimeoutMs: whole("taskTimeoutMs", 60_000, 1, LONGEST_TIMER_MS),
    agingMs: whole("agingMs", 10_000, 1),
    recoveryTimeoutMs: whole("recoveryTimeoutMs", 30_000, 1, LONGEST_TIMER_MS),
    window: whole("window", 20, 6, 10_000),
    keepResults: whole("keepResults", 1_000, 1, 1_000_000),
    keepResultsMs: whole("keepResultsMs", 300_000, 1, LONGEST_TIMER_MS),
    clock: options.clock ?? systemClock,
    after: options.after ?? systemAfter,
    random: options.random ?? Math.random,
  };
}

/**
 * Also what a breaker ignores by default, such as 4xx answers and refusals of our own: a worker whose every task ends at once with one of
 * these is the least loaded of all, and would be given all the others too.
 */
function countsAll(): CallVerdict {
  return "failure";
}
