import type { After } from "../../src/internal/timers.ts";
import { ManualClock } from "../../src/testing/index.ts";

/** A clock that is told to move, and the timers that ring on the way. Fits the options `clock` and `after`. */
export class ManualTime {
  readonly clock = new ManualClock();
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  readonly after: After = (ms, run) => {
    const timer = { atMs: this.clock.monotonic() + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Each timer rings at its own time, and all that it brings about settles before the next one. */
  async advance(ms: number): Promise<void> {
    await settled();
    const endMs = this.clock.monotonic() + ms;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.clock.advance(Math.max(0, next.atMs - this.clock.monotonic()));
      this.#timers.delete(next);
      next.run();
      await settled();
    }
    this.clock.advance(endMs - this.clock.monotonic());
    await settled();
  }

  #next(endMs: number) {
    return [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

/** When all promises that can settle have settled: no I/O is in here. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A task that ends when it is told to, and says when it has begun. */
export function gate<T = void>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const state = { begun: false, signal: undefined as AbortSignal | undefined };
  const task = (signal: AbortSignal): Promise<T> => {
    state.begun = true;
    state.signal = signal;
    return promise;
  };
  return { task, promise, open: resolve, fail: reject, state };
}
