import type { After } from "../../internal/timers.ts";
import { safely } from "../../internal/warn-once.ts";

const MOST_OFTEN_MS = 250;

/** Tells listeners that something has changed, at most four times a second. */
export class ChangeNotices {
  readonly #after: After;
  readonly #listeners = new Set<() => void>();
  #cancel: (() => void) | undefined;

  constructor(after: After) {
    this.#after = after;
  }

  /** @returns Ends it. */
  subscribe(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  changed(): void {
    if (this.#cancel !== undefined || this.#listeners.size === 0) return;
    this.#cancel = this.#after(MOST_OFTEN_MS, () => this.#tell(), false);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#listeners.clear();
  }

  #tell(): void {
    this.#cancel = undefined;
    for (const listener of [...this.#listeners]) safely("a listener of changes", listener);
  }
}
