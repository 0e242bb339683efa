import type { CoarseClock } from "./coarse-clock.ts";
import type { After } from "./timers.ts";
import type { Link, Wait } from "./wait.ts";

/**
 * Waits that all take equally long: the first to begin is the first to end, so one timer does for all of them, and to begin or stop one
 * is to link or unlink it. They end on time or up to a millisecond late, or as late as the event loop is.
 */
export class WaitList {
  readonly ms: number;
  readonly #clock: CoarseClock;
  readonly #after: After;
  /** Stands before the oldest and after the newest. */
  readonly #ends: Link = ring();
  #cancelTimer: (() => void) | undefined;
  /** What the timer was set for. That wait may have stopped since. */
  #timerMs = 0;

  constructor(ms: number, clock: CoarseClock, after: After) {
    this.ms = ms;
    this.#clock = clock;
    this.#after = after;
  }

  /** Monotonic milliseconds, as `endMs` of the waits. */
  get nowMs(): number {
    return this.#clock.nowMs;
  }

  /** Nobody waits, and no timer runs. */
  get isIdle(): boolean {
    return this.#isEmpty && this.#cancelTimer === undefined;
  }

  start(wait: Wait): void {
    wait.endMs = this.#clock.nowMs + this.ms;
    const ends = this.#ends;
    const newest = ends.previous;
    wait.previous = newest;
    wait.next = ends;
    newest.next = wait;
    ends.previous = wait;
    if (this.#cancelTimer === undefined) this.#setTimer(wait.endMs, this.ms);
  }

  /** May be called twice, after the end, and for one that was never started. */
  stop(wait: Wait): void {
    unlink(wait);
    // Between two of very many calls the timer may stay: the next one wants it, and setting it is dearer than all the rest.
    if (this.#isEmpty && !this.#clock.isBusy) this.#clearTimer();
  }

  get #isEmpty(): boolean {
    return this.#ends.next === this.#ends;
  }

  get #oldest(): Wait | undefined {
    return this.#isEmpty ? undefined : (this.#ends.next as Wait);
  }

  #onTimer(): void {
    this.#cancelTimer = undefined;
    // A timer that has rung is right, whatever the clock says: the two may differ by a millisecond.
    const nowMs = Math.max(this.#timerMs, this.#clock.nowMs);
    for (let wait = this.#oldest; wait !== undefined; wait = this.#oldest) {
      if (wait.endMs > nowMs) {
        this.#setTimer(wait.endMs, wait.endMs - nowMs);
        return;
      }
      unlink(wait);
      wait.timeOver();
    }
  }

  #setTimer(endMs: number, inMs: number): void {
    this.#timerMs = endMs;
    this.#cancelTimer = this.#after(inMs, () => this.#onTimer(), false);
  }

  #clearTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

function ring(): Link {
  const link = {} as Link;
  link.previous = link;
  link.next = link;
  return link;
}

function unlink(link: Link): void {
  link.previous.next = link.next;
  link.next.previous = link.previous;
  link.previous = link;
  link.next = link;
}
