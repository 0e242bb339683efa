import type { Clock } from "../../internal/clock.ts";

const MOST = 10;
const EACH_MS = 6_000;

/** Wrong tokens: ten at once, then one each six seconds is looked at like any other; the rest is told to wait. */
export class FailedAttempts {
  readonly #clock: Pick<Clock, "monotonic">;
  #level = 0;
  #atMs: number;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#atMs = clock.monotonic();
  }

  /** @returns Milliseconds to wait; `undefined`: there were not too many. */
  failed(): number | undefined {
    const nowMs = this.#clock.monotonic();
    this.#level = Math.max(0, this.#level - (nowMs - this.#atMs) / EACH_MS);
    this.#atMs = nowMs;
    if (this.#level > MOST - 1) return (this.#level - (MOST - 1)) * EACH_MS;
    this.#level += 1;
    return undefined;
  }
}
