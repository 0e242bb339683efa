import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import type { Worker } from "./worker.ts";

/** Between two looks at a worker whose time is over and that takes nothing yet: its trial is under way. */
const LOOK_AGAIN_MS = 1_000;

/** Wakes those who wait when a failed worker may be tried again: no task ends then that would. */
export class TrialTimer {
  readonly #clock: Clock;
  readonly #after: After;
  readonly #wake: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, after: After, wake: () => void) {
    this.#clock = clock;
    this.#after = after;
    this.#wake = wake;
  }

  /** To be told whenever somebody waits, or a worker may have failed. @param workers All of them, or none where nobody waits. */
  set(workers: Iterable<Worker>): void {
    this.clear();
    let firstMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonic();
    for (const worker of workers) {
      if (!worker.isFailed) continue;
      const leftMs = worker.retryAtMs - nowMs;
      firstMs = Math.min(firstMs, leftMs > 0 ? leftMs : LOOK_AGAIN_MS);
    }
    if (firstMs === Number.POSITIVE_INFINITY) return;
    const wake = (): void => {
      this.#cancel = undefined;
      this.#wake();
    };
    // Tasks wait for it, and with them whoever wants their results.
    this.#cancel = this.#after(Math.ceil(firstMs), wake, true);
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
