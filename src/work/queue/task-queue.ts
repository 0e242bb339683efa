import { isOver } from "../../internal/deadline.ts";
import { rejectLater } from "../../internal/reject-later.ts";
import type { HistogramCell } from "../../telemetry/call-metrics/cells.ts";
import { IdleList } from "./idle-list.ts";
import { type Lane, PRIORITIES } from "./lane.ts";
import { queueRejected } from "./queue-events.ts";
import type { QueueFacts } from "./queue-metrics.ts";
import type { QueueSettings, Ticket } from "./queue-settings.ts";
import { Refusals } from "./refusals.ts";
import { ReleasePace } from "./release-pace.ts";
import { Runner } from "./runner.ts";
import type { Seat, SeatedTask, Seats } from "./seat.ts";
import { Refusal, type Waiter } from "./waiter.ts";
import { WaitingRoom } from "./waiting-room.ts";

/**
 * Runs so many tasks at once and lets a bounded number wait: what request queues and supervisors are made of. Every change of what runs
 * and waits is one block without an await, and when it is over, nobody waits who could run.
 */
export class TaskQueue {
  readonly settings: QueueSettings;
  readonly #room: WaitingRoom;
  readonly #refusals: Refusals;
  readonly #runner: Runner;
  readonly #waits: HistogramCell;
  readonly #facts = (): QueueFacts => this.#factsNow();
  readonly #pace = new ReleasePace();
  readonly #idle = new IdleList(() => this.size === 0 && this.#running === this.zombies);
  #concurrency: number;
  #running = 0;
  /** A bit for each priority that was ever used, so that its depth goes to 0 and does not end. */
  #priorities = 0;
  #isPaused = false;
  #isClosed = false;
  #willDispatch = false;

  constructor(settings: QueueSettings) {
    this.settings = settings;
    this.#concurrency = settings.concurrency;
    this.#refusals = new Refusals(settings.name, settings.metrics);
    this.#room = new WaitingRoom(settings, this.#refusals, () => this.#idle.tell());
    this.#runner = new Runner(settings, this.#refusals, {
      released: (seat) => this.#release(seat),
      zombie: () => this.#idle.tell(),
    });
    this.#waits = settings.metrics.open(settings.name, this.#facts);
  }

  get size(): number {
    return this.#room.size;
  }

  get running(): number {
    return this.#running;
  }

  get zombies(): number {
    return this.#runner.zombies;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  sizeOf(priority: number): number {
    return this.#room.sizeOf(priority);
  }

  /** @param seats Where its tasks run; without them each runs as soon as one may. */
  openLane(seats?: Seats): Lane {
    return this.#room.openLane(seats);
  }

  grow(by: number): void {
    this.#concurrency += by;
    this.dispatchLater();
  }

  /** Rejects with what the task throws, the same object, or with why it was refused. */
  add<T>(task: SeatedTask<T>, lane: Lane, ticket: Ticket): Promise<T> {
    this.#priorities |= 1 << ticket.priority;
    const refusal = this.#refusal(ticket);
    if (refusal !== undefined) {
      queueRejected(this.settings.name, refusal.reason, ticket.priority);
      return rejectLater(refusal.error);
    }
    if (this.#startsAtOnce()) return this.#start(task, ticket);
    const waiter = this.#room.enter(task, lane, ticket);
    if (this.settings.startsLater) this.dispatchLater();
    const hasLimit = lane.seats !== undefined || !isPlain(ticket);
    if (hasLimit) return this.#runInTurn(task, ticket, waiter);
    return waiter.turn().then(this.#runner.runInTurn) as Promise<T>;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#dispatch();
  }

  /** Resolves when nobody waits and all that run have answered; tasks whose caller is gone are not waited for. */
  idle(): Promise<void> {
    return this.#idle.wait();
  }

  /** Takes no more, and finishes what it has. */
  drain(): Promise<void> {
    this.#isClosed = true;
    this.resume();
    return this.idle();
  }

  /** Takes no more, and refuses those that wait. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#room.closeAll();
    this.settings.metrics.close(this.#facts);
    return this.idle();
  }

  /** Starts who may run by then; for seats that come free without a task that ends. */
  dispatchLater(): void {
    if (this.#willDispatch) return;
    this.#willDispatch = true;
    queueMicrotask(() => {
      this.#willDispatch = false;
      this.#dispatch();
    });
  }

  #refusal({ signal, priority }: Ticket): Refusal | undefined {
    if (this.#isClosed) return this.#refusals.closed(priority);
    if (signal?.aborted) return this.#refusals.aborted(priority, signal);
    if (isOver(signal, this.settings.clock)) return this.#refusals.expired(priority, 0);
    const { maxQueue } = this.settings;
    if (this.size < maxQueue || this.#startsAtOnce()) return undefined;
    return this.#refusals.full({
      size: this.size,
      maxQueue,
      priority,
      retryAfterMs: this.#pace.retryAfterMs,
    });
  }

  #startsAtOnce(): boolean {
    const isFree = this.#running < this.#concurrency && this.size === 0;
    return isFree && !this.#isPaused && !this.settings.startsLater;
  }

  #start<T>(task: SeatedTask<T>, ticket: Ticket): Promise<T> {
    this.#running += 1;
    this.#waits.observe(0);
    if (isPlain(ticket)) return this.#runner.runAtOnce(task);
    return this.#runner.runLimited(task, ticket, undefined, 0);
  }

  async #runInTurn<T>(task: SeatedTask<T>, ticket: Ticket, waiter: Waiter): Promise<T> {
    const turn = await waiter.turn();
    if (turn instanceof Refusal) return this.#refusals.giveTo(turn);
    const waitedMs = waiter.waitedMs(this.settings.now());
    return await this.#runner.runLimited(task, ticket, waiter.seat, waitedMs);
  }

  #release(seat: Seat | undefined): void {
    this.#running -= 1;
    seat?.release();
    if (this.size === 0) this.#pace.calm();
    else {
      const nowMs = this.settings.now();
      this.#pace.released(nowMs);
      this.#dispatch(nowMs);
    }
    this.#idle.tell();
  }

  #dispatch(nowMs = this.settings.now()): void {
    while (!this.#isPaused && this.#running < this.#concurrency && this.size > 0) {
      const waiter = this.#room.next(nowMs);
      if (waiter === undefined) return;
      this.#running += 1;
      this.#waits.observe(waiter.waitedMs(nowMs) / 1_000);
      waiter.seat = waiter.lane.seats?.take(waiter.watch?.signal);
      waiter.grant();
    }
  }

  #factsNow(): QueueFacts {
    const depths = new Map<number, number>();
    for (let priority = 1; priority <= PRIORITIES; priority++) {
      if ((this.#priorities & (1 << priority)) !== 0) depths.set(priority, this.sizeOf(priority));
    }
    const { zombies } = this;
    return {
      name: this.settings.name,
      running: this.#running,
      concurrency: this.#concurrency,
      zombies,
      depths,
    };
  }
}

/** Nothing can end it but itself. */
function isPlain({ signal, deadlineMs }: Ticket): boolean {
  return deadlineMs === undefined && signal === undefined;
}
