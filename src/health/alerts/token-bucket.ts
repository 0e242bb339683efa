import type { Clock } from "../../internal/clock.ts";

const MINUTE_MS = 60_000;

/** So many in a minute, and as many at once where there were none for a minute. */
export class TokenBucket {
  readonly #perMinute: number;
  readonly #clock: Pick<Clock, "monotonic">;
  #tokens: number;
  #atMs: number;

  constructor(perMinute: number, clock: Pick<Clock, "monotonic">) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#tokens = perMinute;
    this.#atMs = clock.monotonic();
  }

  /** Whole ones that are there now. */
  get left(): number {
    const nowMs = this.#clock.monotonic();
    const gained = ((nowMs - this.#atMs) * this.#perMinute) / MINUTE_MS;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + gained);
    this.#atMs = nowMs;
    // What a sum of fractions lacks to a whole one is no time that anybody waits for.
    return Math.floor(this.#tokens + 1e-6);
  }

  /** @returns Whether there was one. */
  take(): boolean {
    if (this.left < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** One that nobody waited for. */
  grant(): void {
    this.#tokens += 1;
  }

  /** Milliseconds until there is one. */
  get nextMs(): number {
    return this.left >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * MINUTE_MS) / this.#perMinute);
  }
}
