import { checkWhole } from "../../../internal/check-number.ts";
import type { CountedOutcome } from "../outcome.ts";
import type { TripRule } from "./trip-rule.ts";
import { FAILED, type RateOptions, SLOW, WindowRates } from "./window-rates.ts";

export interface TimeWindowOptions extends RateOptions {
  /** How far back it looks, milliseconds. @default 60_000 */
  readonly windowMs?: number;
  /** Into how many pieces the window is cut, up to 10,000: calls leave a piece at a time. @default 10 */
  readonly buckets?: number;
}

/**
 * Trips on the share of failed, or of slow, calls of the last `windowMs`, give or take one bucket: a call leaves
 * after more than `windowMs` less one bucket, and at the latest after `windowMs`.
 *
 * @throws RangeError that names the option, the range and the value.
 */
export function timeWindow(options: TimeWindowOptions = {}): TripRule {
  const { windowMs = 60_000, buckets = 10 } = options;
  checkWhole("timeWindow: windowMs", windowMs, 1);
  checkWhole("timeWindow: buckets", buckets, 1, 10_000);
  return new TimeWindow(windowMs, buckets, new WindowRates("timeWindow", options, Number.MAX_SAFE_INTEGER));
}

class TimeWindow implements TripRule {
  readonly needsDuration: boolean;
  readonly windowMs: number;
  readonly #rates: WindowRates;
  readonly #buckets: number;
  readonly #widthMs: number;
  /** Calls, failed and slow ones of each bucket. */
  readonly #counts: readonly [Float64Array, Float64Array, Float64Array];
  #current = 0;
  /** When the current bucket ends. The first call starts the first bucket. */
  #endMs = Number.NEGATIVE_INFINITY;
  #calls = 0;
  #failed = 0;
  #slow = 0;

  constructor(windowMs: number, buckets: number, rates: WindowRates) {
    this.windowMs = windowMs;
    this.#buckets = buckets;
    this.#widthMs = windowMs / buckets;
    this.#counts = [new Float64Array(buckets), new Float64Array(buckets), new Float64Array(buckets)];
    this.#rates = rates;
    this.needsDuration = rates.needsDuration;
  }

  get settings(): string {
    return `timeWindow(${this.windowMs}, ${this.#buckets}, ${this.#rates.settings})`;
  }

  record(outcome: CountedOutcome, durationMs: number, nowMs: number): boolean {
    if (nowMs >= this.#endMs) this.#advance(nowMs);
    this.#add(this.#rates.marks(outcome, durationMs));
    return this.#rates.isTooMuch(this.#calls, this.#failed, this.#slow);
  }

  isBad(outcome: CountedOutcome, durationMs: number): boolean {
    return this.#rates.isBad(outcome, durationMs);
  }

  hurry(on: boolean): void {
    this.#rates.hurry(on);
  }

  reset(): void {
    for (const counts of this.#counts) counts.fill(0);
    this.#calls = 0;
    this.#failed = 0;
    this.#slow = 0;
    this.#endMs = Number.NEGATIVE_INFINITY;
  }

  #add(marks: number): void {
    const [calls, failed, slow] = this.#counts;
    calls[this.#current]! += 1;
    this.#calls += 1;
    if ((marks & FAILED) !== 0) {
      failed[this.#current]! += 1;
      this.#failed += 1;
    }
    if ((marks & SLOW) !== 0) {
      slow[this.#current]! += 1;
      this.#slow += 1;
    }
  }

  /** Passes every bucket whose time is over, not only one: an idle window is an empty one. */
  #advance(nowMs: number): void {
    const passed = Math.floor((nowMs - this.#endMs) / this.#widthMs) + 1;
    if (passed >= this.#buckets) {
      this.reset();
      this.#endMs = nowMs + this.#widthMs;
      return;
    }
    for (let n = 0; n < passed; n += 1) this.#enterNext();
    this.#endMs += passed * this.#widthMs;
  }

  #enterNext(): void {
    const [calls, failed, slow] = this.#counts;
    this.#current = this.#current + 1 === this.#buckets ? 0 : this.#current + 1;
    this.#calls -= calls[this.#current]!;
    this.#failed -= failed[this.#current]!;
    this.#slow -= slow[this.#current]!;
    calls[this.#current] = 0;
    failed[this.#current] = 0;
    slow[this.#current] = 0;
  }
}
