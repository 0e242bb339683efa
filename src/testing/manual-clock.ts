import type { Clock } from "../internal/clock.ts";

/** A clock that stands still until it is told to move. Fits every `clock` option of this package. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;

  /** @param startMs Wall clock at the start, milliseconds since the epoch. @default 2026-01-01T00:00:00Z */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    if (!Number.isFinite(startMs)) {
      throw new RangeError(`ManualClock: startMs must be a finite number, got ${startMs}`);
    }
    this.#wallMs = startMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /**
   * Lets time pass on both clocks.
   *
   * @throws RangeError when `ms` is negative or no finite number: time does not go back.
   */
  advance(ms: number): void {
    if (!(Number.isFinite(ms) && ms >= 0)) {
      throw new RangeError(`ManualClock: advance takes a finite number >= 0, got ${ms}`);
    }
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  /** Sets the wall clock alone, as an administrator or NTP does. It may go back; durations must not notice. */
  setWallClock(ms: number): void {
    if (!Number.isFinite(ms)) {
      throw new RangeError(`ManualClock: setWallClock takes a finite number, got ${ms}`);
    }
    this.#wallMs = ms;
  }
}
