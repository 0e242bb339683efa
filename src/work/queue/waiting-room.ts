import { isOver } from "../../internal/deadline.ts";
import { Lane } from "./lane.ts";
import type { QueueSettings, Ticket } from "./queue-settings.ts";
import type { Refusals } from "./refusals.ts";
import type { SeatedTask, Seats } from "./seat.ts";
import { type Refusal, Waiter } from "./waiter.ts";
import { Watch } from "./watch.ts";

/** Those who wait, in one lane or several. Whoever gives up or runs out of time leaves at once. */
export class WaitingRoom {
  readonly #lanes: Lane[] = [];
  readonly #settings: QueueSettings;
  readonly #refusals: Refusals;
  readonly #onLeave: () => void;
  #size = 0;
  #seq = 0;

  /** @param onLeave Called after somebody has left without a turn. */
  constructor(settings: QueueSettings, refusals: Refusals, onLeave: () => void) {
    this.#settings = settings;
    this.#refusals = refusals;
    this.#onLeave = onLeave;
  }

  get size(): number {
    return this.#size;
  }

  sizeOf(priority: number): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.sizeOf(priority), 0);
  }

  openLane(seats: Seats | undefined): Lane {
    const lane = new Lane(this.#settings.agingMs, seats);
    this.#lanes.push(lane);
    return lane;
  }

  enter(task: SeatedTask<unknown>, lane: Lane, { priority, deadlineMs, signal }: Ticket): Waiter {
    this.#seq += 1;
    const waiter = new Waiter(task, lane, priority, this.#seq, this.#settings.now());
    lane.push(waiter);
    this.#size += 1;
    if (deadlineMs !== undefined || signal !== undefined) this.#watch(waiter, deadlineMs, signal);
    return waiter;
  }

  /** Takes out whoever goes first among those who have room. Those whose time turns out to be over are refused on the way. */
  next(nowMs: number): Waiter | undefined {
    for (let first = this.#first(nowMs); first !== undefined; first = this.#first(nowMs)) {
      if (!this.#isOver(first, nowMs)) {
        this.#leave(first);
        return first;
      }
      this.#turnAway(first, this.#refusals.expired(first.priority, first.waitedMs(nowMs)));
    }
    return undefined;
  }

  closeAll(): void {
    for (const lane of this.#lanes) {
      for (const waiter of lane.all()) this.#turnAway(waiter, this.#refusals.closed(waiter.priority));
    }
  }

  #first(nowMs: number): Waiter | undefined {
    let best: Waiter | undefined;
    for (const lane of this.#lanes) {
      if (lane.isEmpty || lane.seats?.hasRoom() === false) continue;
      const head = lane.first(nowMs);
      if (head !== undefined && (best === undefined || lane.goesBefore(head, best, nowMs))) best = head;
    }
    return best;
  }

  /** Also where the event loop has been too busy for timers. */
  #isOver({ watch }: Waiter, nowMs: number): boolean {
    return watch !== undefined && (watch.isOver(nowMs) || isOver(watch.signal, this.#settings.clock));
  }

  #watch(waiter: Waiter, deadlineMs: number | undefined, signal: AbortSignal | undefined): void {
    waiter.watch = new Watch(signal, {
      expired: () => {
        const waitedMs = waiter.waitedMs(this.#settings.now());
        this.#turnAway(waiter, this.#refusals.expired(waiter.priority, waitedMs));
      },
      aborted: () => this.#turnAway(waiter, this.#refusals.aborted(waiter.priority, signal)),
    });
    waiter.watch.start(deadlineMs === undefined ? undefined : this.#settings.waits.of(deadlineMs));
  }

  #turnAway(waiter: Waiter, refusal: Refusal): void {
    this.#leave(waiter);
    waiter.refuse(refusal);
    this.#onLeave();
  }

  #leave(waiter: Waiter): void {
    waiter.lane.remove(waiter);
    this.#size -= 1;
  }
}
