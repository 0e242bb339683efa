import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";

export interface TaskResultsOptions {
  readonly keepResults: number;
  readonly keepResultsMs: number;
  readonly clock: Clock;
  readonly after: After;
}

interface Kept {
  readonly promise: Promise<unknown>;
  /** When it ended, monotonic milliseconds. */
  readonly endMs: number;
}

/** What became of tasks, by id: those under way, and so many of those that ended, for so long. Nobody has to ask for any of them. */
export class TaskResults {
  readonly #options: TaskResultsOptions;
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** The one that ended first stands first. */
  readonly #ended = new Map<string, Kept>();
  #cancelTimer: (() => void) | undefined;

  constructor(options: TaskResultsOptions) {
    this.#options = options;
  }

  has(taskId: string): boolean {
    this.#forgetOld();
    return this.#underWay.has(taskId) || this.#ended.has(taskId);
  }

  get(taskId: string): Promise<unknown> | undefined {
    this.#forgetOld();
    return this.#underWay.get(taskId) ?? this.#ended.get(taskId)?.promise;
  }

  add(taskId: string, promise: Promise<unknown>): void {
    this.#underWay.set(taskId, promise);
    const ended = (): void => this.#keep(taskId, promise);
    // Also what makes a rejection that nobody asks for a handled one.
    promise.then(ended, ended);
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #keep(taskId: string, promise: Promise<unknown>): void {
    const { clock, keepResults } = this.#options;
    this.#underWay.delete(taskId);
    this.#ended.set(taskId, { promise, endMs: clock.monotonic() });
    if (this.#ended.size > keepResults) this.#forgetFirst();
    this.#cancelTimer ??= this.#setTimer(this.#options.keepResultsMs);
  }

  #setTimer(ms: number): () => void {
    return this.#options.after(
      ms,
      () => {
        this.#cancelTimer = undefined;
        const leftMs = this.#forgetOld();
        if (leftMs !== undefined) this.#cancelTimer = this.#setTimer(Math.max(1, Math.ceil(leftMs)));
      },
      false,
    );
  }

  /** @returns Milliseconds until the next one is old. */
  #forgetOld(): number | undefined {
    const { clock, keepResultsMs } = this.#options;
    const nowMs = clock.monotonic();
    for (const { endMs } of this.#ended.values()) {
      const leftMs = endMs + keepResultsMs - nowMs;
      if (leftMs > 0) return leftMs;
      this.#forgetFirst();
    }
    return undefined;
  }

  #forgetFirst(): void {
    for (const taskId of this.#ended.keys()) {
      this.#ended.delete(taskId);
      return;
    }
  }
}
