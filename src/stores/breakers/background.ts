import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";

/** After a failure: doubled each time, up to the longest. Half of it is left to chance, so that a fleet does not come back in step. */
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 2_000;
/** Asked to go on while it fails: not at once, since the one who asks may be wrong. */
const EAGER_RETRY_MS = 200;

export interface BackgroundOptions {
  readonly turn: () => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** Milliseconds after a turn that succeeded. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly after: After;
  readonly random: () => number;
}

/** Work that comes round again and again, one turn at a time, and never holds the process. */
export class Background {
  readonly #options: BackgroundOptions;
  #cancel: (() => void) | undefined;
  #dueMs = 0;
  #isRunning = false;
  #running: Promise<void> | undefined;
  /** Asked for while a turn was under way. */
  #againMs: number | undefined;
  #failures = 0;
  #stopped = false;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  get failing(): boolean {
    return this.#failures > 0;
  }

  /** A turn after so many milliseconds, unless it is waiting to try again after a failure. */
  soon(ms: number): void {
    if (this.#isRunning) this.#againMs = Math.min(ms, this.#againMs ?? ms);
    else if (!this.failing) this.#plan(ms);
  }

  /** The same, also while it fails: there is reason to think that it would not. */
  hopefully(ms: number): void {
    if (this.failing && !this.#isRunning) this.#plan(EAGER_RETRY_MS);
    else this.soon(ms);
  }

  /** No further turn. Resolves when none is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  #plan(ms: number): void {
    if (this.#stopped) return;
    const dueMs = this.#options.clock.monotonic() + ms;
    if (this.#cancel !== undefined && this.#dueMs <= dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#options.after(ms, () => this.#start(), false);
  }

  #start(): void {
    this.#cancel = undefined;
    // First, since a turn may be asked for before its first await.
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    let nextMs: number;
    try {
      await this.#options.turn();
      this.#failures = 0;
      nextMs = this.#againMs ?? this.#options.everyMs * (0.9 + 0.2 * this.#options.random());
    } catch (error) {
      this.#failures += 1;
      nextMs = this.#retryMs();
      this.#options.failed(error);
    }
    this.#againMs = undefined;
    this.#isRunning = false;
    this.#plan(nextMs);
  }

  #retryMs(): number {
    const most = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    return most * (0.5 + 0.5 * this.#options.random());
  }
}
