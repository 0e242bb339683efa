import { isAgentError } from "../../errors/agent-error.ts";
import type { Clock } from "../../internal/clock.ts";
import type { Seat } from "../queue/seat.ts";
import type { TaskOutcome, Worker } from "./worker.ts";

export interface SeatListener {
  ended(worker: Worker, outcome: TaskOutcome): void;
  /** The task has settled and its outcome is judged: the worker may have failed by it. */
  released(): void;
}

/** A task's place at a worker. The worker's breaker learns of the answer; the place is free when the task has settled. */
export class WorkerSeat implements Seat {
  readonly worker: Worker;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #listener: SeatListener;
  readonly #judged: Promise<unknown>;
  readonly #outcome = Promise.withResolvers<unknown>();

  constructor(worker: Worker, signal: AbortSignal | undefined, clock: Clock, listener: SeatListener) {
    this.worker = worker;
    this.#signal = signal;
    this.#clock = clock;
    this.#listener = listener;
    this.#judged = worker.begin(this.#outcome.promise, signal);
  }

  answering(answer: Promise<unknown>): Promise<unknown> {
    const startMs = this.#clock.monotonic();
    answer.then(
      (value) => {
        this.#ended("done", startMs);
        this.#outcome.resolve(value);
      },
      (error: unknown) => {
        this.#ended(this.#outcomeOf(error), startMs);
        this.#outcome.reject(error);
      },
    );
    return this.#judged;
  }

  release(): void {
    this.worker.running -= 1;
    this.#listener.released();
  }

  #ended(outcome: TaskOutcome, startMs: number): void {
    this.worker.ended(outcome, this.#clock.monotonic() - startMs);
    this.#listener.ended(this.worker, outcome);
  }

  #outcomeOf(error: unknown): TaskOutcome {
    if (this.#signal?.aborted) return "aborted";
    return isAgentError(error) && error.code === "timeout" ? "timeout" : "failed";
  }
}
