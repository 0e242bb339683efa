/** What a new value counts for against all before it. */
const SHARE = 0.2;
/** Where nothing is known yet. */
const GUESS_MS = 1_000;

/** How long it takes until the next task ends, by how it has been while others waited. */
export class ReleasePace {
  #lastMs = Number.NaN;
  #meanMs = Number.NaN;

  /** A task ended while others waited. */
  released(nowMs: number): void {
    const gapMs = Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (Number.isNaN(gapMs)) return;
    this.#meanMs = Number.isNaN(this.#meanMs) ? gapMs : this.#meanMs + SHARE * (gapMs - this.#meanMs);
  }

  /** Nobody waits: the time until the next end would say how little there is to do. */
  calm(): void {
    this.#lastMs = Number.NaN;
  }

  /** Whole milliseconds, 1 at least. */
  get retryAfterMs(): number {
    return Math.max(1, Math.ceil(Number.isNaN(this.#meanMs) ? GUESS_MS : this.#meanMs));
  }
}
