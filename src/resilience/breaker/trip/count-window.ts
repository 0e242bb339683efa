import { checkWhole } from "../../../internal/check-number.ts";
import type { CountedOutcome } from "../outcome.ts";
import type { TripRule } from "./trip-rule.ts";
import { FAILED, type RateOptions, SLOW, WindowRates } from "./window-rates.ts";

export interface CountWindowOptions extends RateOptions {
  /** How many of the last calls are looked at, up to 1,000,000; one byte each. @default 20 */
  readonly size?: number;
}

/**
 * Trips on the share of failed, or of slow, calls among the last `size`. Exact, and the same work for each call.
 *
 * @throws RangeError that names the option, the range and the value.
 */
export function countWindow(options: CountWindowOptions = {}): TripRule {
  const { size = 20 } = options;
  checkWhole("countWindow: size", size, 1, 1_000_000);
  return new CountWindow(size, new WindowRates("countWindow", options, size));
}

class CountWindow implements TripRule {
  readonly needsDuration: boolean;
  readonly windowMs = undefined;
  readonly #rates: WindowRates;
  /** A ring of marks. A place that was never used reads as a success, which changes neither sum. */
  readonly #ring: Uint8Array;
  #next = 0;
  #calls = 0;
  #failed = 0;
  #slow = 0;

  constructor(size: number, rates: WindowRates) {
    this.#ring = new Uint8Array(size);
    this.#rates = rates;
    this.needsDuration = rates.needsDuration;
  }

  get settings(): string {
    return `countWindow(${this.#ring.length}, ${this.#rates.settings})`;
  }

  record(outcome: CountedOutcome, durationMs: number): boolean {
    const marks = this.#rates.marks(outcome, durationMs);
    const leaves = this.#ring[this.#next]!;
    this.#ring[this.#next] = marks;
    this.#next = this.#next + 1 === this.#ring.length ? 0 : this.#next + 1;
    if (this.#calls < this.#ring.length) this.#calls += 1;
    this.#failed += (marks & FAILED) - (leaves & FAILED);
    this.#slow += ((marks & SLOW) - (leaves & SLOW)) >> 1;
    return this.#rates.isTooMuch(this.#calls, this.#failed, this.#slow);
  }

  isBad(outcome: CountedOutcome, durationMs: number): boolean {
    return this.#rates.isBad(outcome, durationMs);
  }

  hurry(on: boolean): void {
    this.#rates.hurry(on);
  }

  reset(): void {
    this.#ring.fill(0);
    this.#next = 0;
    this.#calls = 0;
    this.#failed = 0;
    this.#slow = 0;
  }
}
