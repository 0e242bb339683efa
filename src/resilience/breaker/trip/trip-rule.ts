import type { CountedOutcome } from "../outcome.ts";

/** When it is too much: counts the outcomes of one closed state. A rule holds counts, so it serves one breaker. */
export interface TripRule {
  /** Two rules with the same text are the same rule to two breakers of one name. Left out: only one object is. */
  readonly settings?: string;
  /** Whether it measures slowness itself; else nobody reads the clock when a call starts. */
  readonly needsDuration: boolean;
  /** Length of its window in milliseconds, where it is one of time; else nobody reads the clock for it. */
  readonly windowMs: number | undefined;
  /**
   * Counts one outcome. Called for successes too: a slow one can be the one too many.
   *
   * @param durationMs NaN where it is not known, or `needsDuration` is false.
   * @param nowMs Monotonic; 0 where the rule has neither a window of time nor a need for durations.
   * @returns Whether the breaker has to open.
   */
  record(outcome: CountedOutcome, durationMs: number, nowMs: number): boolean;
  /** Whether this outcome alone speaks against closing again. Asked for probes; counts nothing. */
  isBad(outcome: CountedOutcome, durationMs: number): boolean;
  /** Forgets everything, except whether it is to hurry. */
  reset(): void;
  /**
   * While `on`, half as many calls or failures are enough, at least one: other processes have opened their breaker of the same
   * name. Counts nothing and opens nothing by itself; the next outcome is judged so. A rule without it takes no such advice.
   */
  hurry?(on: boolean): void;
}
