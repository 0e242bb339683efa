import { RingLink } from "./ring.ts";
import type { Seats } from "./seat.ts";
import type { Waiter } from "./waiter.ts";

/** 1 is the highest. */
export const PRIORITIES = 10;

/**
 * Tasks that wait for the same seats: a ring for each priority, so that to come and to leave from anywhere in it is to link and to unlink.
 *
 * A task's rank is its priority, less one for each `agingMs` that it has waited, and 1 at least. The lowest rank goes first, among equals
 * the one that was handed in first. So a task that has reached rank 1 is overtaken by nobody who comes later.
 */
export class Lane {
  readonly seats: Seats | undefined;
  readonly #agingMs: number;
  readonly #rings = Array.from({ length: PRIORITIES + 1 }, () => new RingLink());
  readonly #sizes = new Array<number>(PRIORITIES + 1).fill(0);
  /** A bit for each priority that somebody waits with. */
  #used = 0;

  constructor(agingMs: number, seats?: Seats) {
    this.#agingMs = agingMs;
    this.seats = seats;
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  sizeOf(priority: number): number {
    return this.#sizes[priority] ?? 0;
  }

  push(waiter: Waiter): void {
    const { priority } = waiter;
    this.#rings[priority]!.putBefore(waiter);
    this.#sizes[priority]! += 1;
    this.#used |= 1 << priority;
  }

  /** @param waiter One that is in here. */
  remove(waiter: Waiter): void {
    const { priority } = waiter;
    waiter.takeOut();
    this.#sizes[priority]! -= 1;
    if (this.#sizes[priority] === 0) this.#used &= ~(1 << priority);
  }

  /** Whoever is to go first by now. The head of a ring goes before all others in it, so only the heads are compared. */
  first(nowMs: number): Waiter | undefined {
    let best: Waiter | undefined;
    for (let bits = this.#used; bits !== 0; bits &= bits - 1) {
      const head = this.#rings[31 - Math.clz32(bits & -bits)]!.next as Waiter;
      if (best === undefined || this.goesBefore(head, best, nowMs)) best = head;
    }
    return best;
  }

  goesBefore(one: Waiter, other: Waiter, nowMs: number): boolean {
    const difference = this.#rank(one, nowMs) - this.#rank(other, nowMs);
    return difference === 0 ? one.seq < other.seq : difference < 0;
  }

  /** Everybody in here, in no particular order. */
  *all(): Iterable<Waiter> {
    for (const ring of this.#rings) {
      for (let each = ring.next; each !== ring; ) {
        const { next } = each;
        yield each as Waiter;
        each = next;
      }
    }
  }

  #rank(waiter: Waiter, nowMs: number): number {
    return Math.max(1, waiter.priority - Math.floor(waiter.waitedMs(nowMs) / this.#agingMs));
  }
}
