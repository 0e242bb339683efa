import { checkRate, checkWhole } from "../../../internal/check-number.ts";
import { type CountedOutcome, isFailure, isSlow } from "../outcome.ts";

export interface RateOptions {
  /** Share of failed calls that trips, above 0 and at most 1. @default 0.5 */
  readonly failureRate?: number;
  /** Share of slow calls that trips, above 0 and at most 1, failed ones included. @default slow calls do not trip */
  readonly slowRate?: number;
  /** From how many milliseconds a call is slow. Without it only what the caller names slow. Needs `slowRate`. */
  readonly slowCallMs?: number;
  /** Below so many calls in the window nothing trips. @default 5 */
  readonly minimumCalls?: number;
}

export const FAILED = 1;
export const SLOW = 2;

/** What both windows share: what an outcome is, and from which share of them on it is too much. */
export class WindowRates {
  readonly minimumCalls: number;
  /** The minimum by now. */
  #enoughCalls: number;
  readonly #failureRate: number;
  readonly #slowRate: number;
  readonly #slowCallMs: number;

  /** @throws RangeError that names the option, the range and the value. */
  constructor(owner: string, options: RateOptions, mostCalls: number) {
    const { failureRate = 0.5, slowRate, slowCallMs, minimumCalls = Math.min(5, mostCalls) } = options;
    checkRate(`${owner}: failureRate`, failureRate);
    if (slowRate !== undefined) checkRate(`${owner}: slowRate`, slowRate);
    if (slowCallMs !== undefined) checkWhole(`${owner}: slowCallMs`, slowCallMs, 1);
    if (slowCallMs !== undefined && slowRate === undefined) {
      throw new RangeError(`${owner}: slowCallMs of ${slowCallMs} does nothing without slowRate`);
    }
    checkWhole(`${owner}: minimumCalls`, minimumCalls, 1, mostCalls);
    this.minimumCalls = minimumCalls;
    this.#enoughCalls = minimumCalls;
    this.#failureRate = failureRate;
    this.#slowRate = slowRate ?? Number.POSITIVE_INFINITY;
    this.#slowCallMs = slowCallMs ?? Number.POSITIVE_INFINITY;
  }

  get settings(): string {
    return [this.#failureRate, this.#slowRate, this.#slowCallMs, this.minimumCalls].join(", ");
  }

  get needsDuration(): boolean {
    return this.#slowCallMs !== Number.POSITIVE_INFINITY;
  }

  /** `FAILED` and `SLOW`, as bits. */
  marks(outcome: CountedOutcome, durationMs: number): number {
    const slow = isSlow(outcome) || durationMs >= this.#slowCallMs;
    return (isFailure(outcome) ? FAILED : 0) | (slow ? SLOW : 0);
  }

  isBad(outcome: CountedOutcome, durationMs: number): boolean {
    const marks = this.marks(outcome, durationMs);
    return (marks & FAILED) !== 0 || ((marks & SLOW) !== 0 && this.#slowRate <= 1);
  }

  /** While `on`, half the minimum is enough. */
  hurry(on: boolean): void {
    this.#enoughCalls = on ? Math.ceil(this.minimumCalls / 2) : this.minimumCalls;
  }

  /** Divides, since 7 / 25 is the same number as a rate of 0.28, and 0.28 * 25 is more than 7. */
  isTooMuch(calls: number, failed: number, slow: number): boolean {
    if (calls < this.#enoughCalls) return false;
    return failed / calls >= this.#failureRate || slow / calls >= this.#slowRate;
  }
}
