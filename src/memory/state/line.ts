import type { After } from "../../internal/timers.ts";

/** A place in the line of those who wait for one key. */
export interface Place {
  readonly isFirst: boolean;
  /** Until so many milliseconds are over, it becomes the first, or the key is free. @throws the reason of the signal. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
  leave(): void;
}

/** Who asks first is served first, and only he asks the store: others of this process would but take it from each other. */
export class Line {
  readonly #after: After;
  readonly #places: Waiter[] = [];

  constructor(after: After) {
    this.#after = after;
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  join(): Place {
    const waiter = new Waiter(this.#after);
    this.#places.push(waiter);
    const isFirst = () => this.#places[0] === waiter;
    return {
      get isFirst() {
        return isFirst();
      },
      wait: (ms, signal) => waiter.wait(ms, signal),
      leave: () => {
        this.#places.splice(this.#places.indexOf(waiter), 1);
        this.wake();
      },
    };
  }

  /** The key may be free. */
  wake(): void {
    this.#places[0]?.wake();
  }
}

class Waiter {
  readonly #after: After;
  /** It was woken while it did not wait. */
  #isAwake = false;
  #resolve: (() => void) | undefined;

  constructor(after: After) {
    this.#after = after;
  }

  wake(): void {
    if (this.#resolve === undefined) this.#isAwake = true;
    else this.#resolve();
  }

  async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#isAwake) {
      this.#isAwake = false;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resolve = resolve;
    const cancel = this.#after(ms, resolve, true);
    signal?.addEventListener("abort", resolve as () => void, { once: true });
    try {
      await promise;
    } finally {
      this.#resolve = undefined;
      cancel();
      signal?.removeEventListener("abort", resolve as () => void);
    }
    signal?.throwIfAborted();
  }
}
