import { checkWhole } from "../../../internal/check-number.ts";
import { type CountedOutcome, isFailure } from "../outcome.ts";
import type { TripRule } from "./trip-rule.ts";

/**
 * Trips at so many failures in a row. Any success starts the count again, and time does not.
 *
 * @param limit @default 5
 * @throws RangeError when `limit` is no whole number >= 1.
 */
export function consecutiveFailures(limit = 5): TripRule {
  checkWhole("consecutiveFailures: limit", limit, 1);
  return new ConsecutiveFailures(limit);
}

class ConsecutiveFailures implements TripRule {
  readonly needsDuration = false;
  readonly windowMs = undefined;
  readonly #limit: number;
  /** The limit by now. */
  #enough: number;
  #failures = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#enough = limit;
  }

  get settings(): string {
    return `consecutiveFailures(${this.#limit})`;
  }

  record(outcome: CountedOutcome): boolean {
    this.#failures = isFailure(outcome) ? this.#failures + 1 : 0;
    return this.#failures >= this.#enough;
  }

  isBad(outcome: CountedOutcome): boolean {
    return isFailure(outcome);
  }

  reset(): void {
    this.#failures = 0;
  }

  hurry(on: boolean): void {
    this.#enough = on ? Math.ceil(this.#limit / 2) : this.#limit;
  }
}
