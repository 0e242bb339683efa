import type { Lane } from "./lane.ts";
import { RingLink } from "./ring.ts";
import type { Seat, SeatedTask } from "./seat.ts";
import type { Watch } from "./watch.ts";

/** Why a task was never started. */
export type RefusalReason = "full" | "expired" | "aborted" | "closed";

/** A turn that never comes. */
export class Refusal {
  readonly reason: RefusalReason;
  /** Of the task. */
  readonly priority: number;
  /** What the caller gets. */
  readonly error: unknown;

  constructor(reason: RefusalReason, priority: number, error: unknown) {
    this.reason = reason;
    this.priority = priority;
    this.error = error;
  }
}

type Turn = SeatedTask<unknown> | Refusal;

/**
 * A task that waits for its turn, in the ring of its priority. As small as can be: with a hundred thousand of them the garbage collector is
 * most of what a task costs.
 */
export class Waiter extends RingLink {
  readonly lane: Lane;
  readonly priority: number;
  /** Order of being handed in. */
  readonly seq: number;
  /** When it was handed in, monotonic milliseconds. */
  readonly atMs: number;
  /** What may end its waiting, where anything may. */
  watch: Watch | undefined = undefined;
  /** From its turn on, where its lane has seats. */
  seat: Seat | undefined = undefined;
  readonly #task: SeatedTask<unknown>;
  #end!: (turn: Turn) => void;

  constructor(task: SeatedTask<unknown>, lane: Lane, priority: number, seq: number, atMs: number) {
    super();
    this.#task = task;
    this.lane = lane;
    this.priority = priority;
    this.seq = seq;
    this.atMs = atMs;
  }

  /**
   * To be asked for once, and before anything else happens.
   *
   * @returns Resolves with the task, or with why it is refused; never rejects, since another function to do so would have to be kept. What
   *   runs the task stands behind it with `then` or `await`, and so runs in the async context of the task's caller, not in that of whoever
   *   has made room for it.
   */
  turn(): Promise<Turn> {
    return new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Not below 0, whatever the clock says. */
  waitedMs(nowMs: number): number {
    return Math.max(0, nowMs - this.atMs);
  }

  grant(): void {
    this.watch?.stop();
    this.#end(this.#task);
  }

  refuse(refusal: Refusal): void {
    this.watch?.stop();
    this.#end(refusal);
  }
}
