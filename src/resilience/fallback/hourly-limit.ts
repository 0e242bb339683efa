import type { Clock } from "../../internal/clock.ts";

const HOUR_MS = 3_600_000;

/** So many in any hour. */
export class HourlyLimit {
  readonly #most: number;
  readonly #clock: Clock;
  /** Of those that were let through in the last hour, oldest first. */
  #times: number[] = [];

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  take(): boolean {
    const now = this.#clock.monotonic();
    this.#times = this.#times.filter((atMs) => now - atMs < HOUR_MS);
    if (this.#times.length >= this.#most) return false;
    this.#times.push(now);
    return true;
  }
}
