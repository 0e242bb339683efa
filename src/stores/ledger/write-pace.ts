import type { CheckedLedgerOptions } from "./ledger-options.ts";

/** After a failure: doubled each time, up to the longest. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** How long another writer may hold the lock before that is a failure. */
const BUSY_MS = 10_000;
const BUSY_RETRY_MS = 5;

interface Plan {
  /** A whole group waits, or nothing comes after this one: no reason to wait for more. */
  readonly full: boolean;
  /** Somebody waits: the process stays alive for it, and is not made to wait for a store that recovers. */
  readonly awaited: boolean;
}

/** When the next group is written. */
export class WritePace {
  readonly #options: CheckedLedgerOptions;
  readonly #write: () => void;
  #cancel: (() => void) | undefined;
  #dueMs = 0;
  #holds = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #busySinceMs: number | undefined;

  constructor(options: CheckedLedgerOptions, write: () => void) {
    this.#options = options;
    this.#write = write;
  }

  /** Sees to it that a group is written: by a timer that is there already, unless this one is sooner or has to hold the process. */
  plan(plan: Plan): void {
    const now = this.#options.clock.monotonic();
    const due = now + this.#waitMs(plan, now);
    const holds = plan.awaited || this.#holds;
    if (this.#cancel !== undefined && this.#dueMs <= due && this.#holds === holds) return;
    this.#cancel?.();
    this.#dueMs = this.#cancel === undefined ? due : Math.min(due, this.#dueMs);
    this.#holds = holds;
    this.#cancel = this.#options.after(Math.max(0, this.#dueMs - now), () => this.#fire(), holds);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#busySinceMs = undefined;
    this.#lastMs = this.#options.clock.monotonic();
  }

  failed(): void {
    this.#failures += 1;
    this.#busySinceMs = undefined;
    this.#lastMs = this.#options.clock.monotonic();
  }

  /** @returns Whether it has been so for too long. */
  busy(): boolean {
    const now = this.#options.clock.monotonic();
    this.#busySinceMs ??= now;
    return now - this.#busySinceMs > BUSY_MS;
  }

  #waitMs({ full, awaited }: Plan, now: number): number {
    // Not all of them at the same moment again.
    if (this.#busySinceMs !== undefined) return BUSY_RETRY_MS * (1 + 3 * Math.random());
    const sinceMs = now - this.#lastMs;
    if (this.#failures > 0 && !awaited) {
      const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
      return Math.max(0, retryMs - sinceMs);
    }
    return full && this.#failures === 0 ? 0 : Math.max(0, this.#options.groupMs - sinceMs);
  }

  #fire(): void {
    this.#cancel = undefined;
    this.#holds = false;
    this.#write();
  }
}
