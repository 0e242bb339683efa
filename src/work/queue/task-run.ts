import { CallTimeoutError } from "../../errors/call-timeout-error.ts";
import { QueueExpiredError } from "../../errors/queue-expired-error.ts";
import { untilAborted } from "../../resilience/fallback/until-aborted.ts";
import { NEVER, type Policy, run } from "../../resilience/policy.ts";
import type { Seat, SeatedTask } from "./seat.ts";

/** What a run tells of itself. */
export interface RunListener {
  /** Its caller has an answer, and it goes on: it ignores that its signal is aborted. */
  zombie(): void;
  /** The task has settled, or never began. Once. */
  ended(seat: Seat | undefined, wasZombie: boolean): void;
}

export interface RunLimits {
  readonly queue: string;
  readonly seat: Seat | undefined;
  readonly signal: AbortSignal | undefined;
  /** What answers in its place when its time is over. */
  readonly limit: Policy | undefined;
  /** Whether that is what is left of its deadline. */
  readonly hasDeadline: boolean;
  readonly waitedMs: number;
}

/** One task that may be answered before it has settled. Its place is its own until it has. */
export class TaskRun<T> {
  readonly #task: SeatedTask<T>;
  readonly #limits: RunLimits;
  readonly #listener: RunListener;
  #judged: Promise<unknown> | undefined;
  #isBegun = false;
  #isSettled = false;
  #isZombie = false;

  constructor(task: SeatedTask<T>, limits: RunLimits, listener: RunListener) {
    this.#task = task;
    this.#limits = limits;
    this.#listener = listener;
  }

  async execute(): Promise<T> {
    try {
      return await this.#limited();
    } catch (error) {
      throw this.#isSettled ? error : this.#given(error);
    } finally {
      this.#answered();
    }
  }

  #limited(): Promise<T> {
    const { seat, signal, limit } = this.#limits;
    const work = (own: AbortSignal): Promise<T> => this.#begin(own);
    const answer =
      limit === undefined
        ? untilAborted(() => work(signal ?? NEVER), signal ?? NEVER)
        : limit.execute(work, signal);
    this.#judged = seat?.answering(answer);
    return answer;
  }

  #begin(signal: AbortSignal): Promise<T> {
    this.#isBegun = true;
    const pending = run((own) => this.#task(own, this.#limits.seat), signal);
    const settled = (): void => this.#settled();
    // Before anybody else listens to it, so that whoever hears of its end finds its place free.
    pending.then(settled, settled);
    return pending;
  }

  #settled(): void {
    this.#isSettled = true;
    if (this.#judged === undefined) this.#end();
    else void this.#judged.then(() => this.#end());
  }

  #end(): void {
    this.#listener.ended(this.#limits.seat, this.#isZombie);
  }

  #answered(): void {
    if (this.#isSettled) return;
    if (this.#isBegun) {
      this.#isZombie = true;
      this.#listener.zombie();
    } else this.#settled();
  }

  /** The task itself has thrown nothing, so it is its deadline that did. */
  #given(error: unknown): unknown {
    const { hasDeadline, signal, queue, waitedMs } = this.#limits;
    const isOurs = hasDeadline && error instanceof CallTimeoutError && signal?.aborted !== true;
    return isOurs ? new QueueExpiredError(queue, waitedMs, this.#isBegun) : error;
  }
}
