import type { Clock } from "../../internal/clock.ts";
import type { Seats } from "../queue/seat.ts";
import type { Worker } from "./worker.ts";
import { type SeatListener, WorkerSeat } from "./worker-seat.ts";

/** The workers for one type of task. */
export class TypeSeats implements Seats {
  readonly #workers: Worker[] = [];
  readonly #clock: Clock;
  readonly #listener: SeatListener;

  constructor(clock: Clock, listener: SeatListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  get workers(): readonly Worker[] {
    return this.#workers;
  }

  join(worker: Worker): void {
    this.#workers.push(worker);
  }

  hasRoom(): boolean {
    return this.#workers.some((worker) => worker.canAccept());
  }

  /**
   * At the least loaded worker; but one that is due for a trial goes before all others, or it would never have one while they have time.
   */
  take(signal: AbortSignal | undefined): WorkerSeat {
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.canAccept() && (best === undefined || goesBefore(worker, best))) best = worker;
    }
    if (best === undefined) throw new Error("supervisor: no worker has room");
    return new WorkerSeat(best, signal, this.#clock, this.#listener);
  }
}

function goesBefore(one: Worker, other: Worker): boolean {
  if (one.isFailed !== other.isFailed) return one.isFailed;
  return one.load < other.load;
}
