import type { Clock } from "../../../src/internal/clock.ts";
import type { After } from "../../../src/internal/timers.ts";

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
  readonly holds: boolean;
}

/** Time that moves when told to, with its timers. */
export class ManualTimers {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  readonly clock: Clock = { now: () => this.#nowMs, monotonic: () => this.#nowMs };

  readonly after: After = (ms, run, holds) => {
    const timer = { atMs: this.#nowMs + ms, run, holds };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Whether a timer keeps the process alive. */
  get holds(): boolean {
    return [...this.#timers].some(({ holds }) => holds);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#nowMs = due.atMs;
      due.run();
    }
    this.#nowMs = until;
  }
}
