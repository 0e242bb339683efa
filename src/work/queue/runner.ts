import { NEVER, type Policy } from "../../resilience/policy.ts";
import { timeout } from "../../resilience/timeout.ts";
import type { QueueSettings, Ticket } from "./queue-settings.ts";
import type { Refusals } from "./refusals.ts";
import type { Seat, SeatedTask } from "./seat.ts";
import { type RunListener, TaskRun } from "./task-run.ts";
import { Refusal } from "./waiter.ts";

export interface RunnerListener {
  /** A task has settled, or never began: its slot is free. Once for each. */
  released(seat: Seat | undefined): void;
  /** One more task goes on whose caller has its answer. */
  zombie(): void;
}

/** Runs tasks that have a slot, and says when it is free again. */
export class Runner {
  readonly #settings: QueueSettings;
  readonly #refusals: Refusals;
  readonly #listener: RunnerListener;
  #zombies = 0;

  constructor(settings: QueueSettings, refusals: Refusals, listener: RunnerListener) {
    this.#settings = settings;
    this.#refusals = refusals;
    this.#listener = listener;
  }

  get zombies(): number {
    return this.#zombies;
  }

  /** For a task that nothing can end but itself. */
  async runAtOnce<T>(task: SeatedTask<T>): Promise<T> {
    try {
      return await task(NEVER, undefined);
    } finally {
      this.#listener.released(undefined);
    }
  }

  /**
   * The same for one that has waited. This and what it calls are shared by all tasks: a function of its own for each would be one more thing
   * to keep while it waits.
   */
  readonly runInTurn = (turn: SeatedTask<unknown> | Refusal): Promise<unknown> => {
    if (turn instanceof Refusal) return this.#refusals.giveTo(turn);
    try {
      return Promise.resolve(turn(NEVER, undefined)).then(this.#done, this.#failed);
    } catch (error) {
      return this.#failed(error);
    }
  };

  /** For a task with a time, a caller who may give up, or a seat. */
  runLimited<T>(
    task: SeatedTask<T>,
    { signal, deadlineMs, limit }: Ticket,
    seat: Seat | undefined,
    waitedMs: number,
  ): Promise<T> {
    const hasDeadline = deadlineMs !== undefined;
    const limits = {
      queue: this.#settings.name,
      seat,
      signal,
      limit: hasDeadline ? this.#untilDeadline(deadlineMs - waitedMs) : limit,
      hasDeadline,
      waitedMs,
    };
    return new TaskRun(task, limits, this.#runs).execute();
  }

  #untilDeadline(leftMs: number): Policy {
    const { clock, after } = this.#settings;
    return timeout(Math.max(1, Math.ceil(leftMs)), after === undefined ? {} : { after, clock });
  }

  readonly #runs: RunListener = {
    zombie: () => {
      this.#zombies += 1;
      this.#listener.zombie();
    },
    ended: (seat, wasZombie) => {
      if (wasZombie) this.#zombies -= 1;
      this.#listener.released(seat);
    },
  };

  readonly #done = (value: unknown): unknown => {
    this.#listener.released(undefined);
    return value;
  };

  readonly #failed = (error: unknown): never => {
    this.#listener.released(undefined);
    throw error;
  };
}
