import type { After } from "../../internal/timers.ts";

/** One who waits for tokens. */
export interface Waiter<T> {
  /** Tries again. @returns `undefined` where there is not enough yet. */
  readonly attempt: () => T | undefined;
  /** Makes the error for when the time is over. */
  readonly tooLate: () => Error;
}

interface Entry<T> extends Waiter<T> {
  readonly settle: (value: T | undefined, error?: unknown) => void;
}

/** First come, first served: the first one's wish is met before anybody behind it gets anything, so that a large one is not starved. */
export class WaitingLine<T> {
  readonly #after: After;
  readonly #entries = new Set<Entry<T>>();

  constructor(after: After) {
    this.#after = after;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @returns Rejects with `tooLate()` after `timeoutMs`, and with the signal's reason. */
  wait(waiter: Waiter<T>, timeoutMs: number, signal: AbortSignal | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const entry: Entry<T> = {
      ...waiter,
      settle: (value, error) => {
        cancel();
        signal?.removeEventListener("abort", onAbort);
        this.#entries.delete(entry);
        if (value === undefined) reject(error);
        else resolve(value);
      },
    };
    // Whoever leaves may have been the one that the others stood behind.
    const leave = (error: unknown): void => {
      entry.settle(undefined, error);
      this.serve();
    };
    const onAbort = (): void => leave(signal?.reason);
    const cancel = this.#after(timeoutMs, () => leave(waiter.tooLate()), true);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#entries.add(entry);
    return promise;
  }

  /** Tokens may have come back. */
  serve(): void {
    for (const entry of this.#entries) {
      let value: T | undefined;
      try {
        value = entry.attempt();
      } catch (error) {
        entry.settle(undefined, error);
        continue;
      }
      if (value === undefined) return;
      entry.settle(value);
    }
  }
}
