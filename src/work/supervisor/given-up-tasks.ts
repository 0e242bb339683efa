import { isAgentError } from "../../errors/agent-error.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import { errorType } from "../../telemetry/error-type.ts";
import type { DeadLetterQueue, DeadLetterReason } from "../dead-letter-queue.ts";
import type { SupervisedTask } from "./supervised-task.ts";

/** Where a task has got to. */
export interface TaskPlace {
  /** That it was given to; `undefined`: it was never started. */
  worker: string | undefined;
}

const REASONS: Readonly<Record<string, DeadLetterReason>> = {
  timeout: "timeout",
  queue_expired: "expired",
  queue_closed: "closed",
};

/** Puts tasks into a dead letter queue that failed, or were never started. Who has handed one in gets its own error, and waits for nothing. */
export class GivenUpTasks {
  readonly #supervisor: string;
  readonly #letters: DeadLetterQueue;
  readonly #watched = new Set<Promise<void>>();

  constructor(supervisor: string, letters: DeadLetterQueue) {
    this.#supervisor = supervisor;
    this.#letters = letters;
  }

  /** @param atMs When it was handed in, milliseconds since the epoch. */
  watch(task: SupervisedTask, result: Promise<unknown>, place: TaskPlace, atMs: number): void {
    const watched: Promise<void> = result.then(
      () => {},
      (error: unknown) => this.#put(task, error, place, atMs),
    );
    this.#watched.add(watched);
    void watched.then(() => this.#watched.delete(watched));
  }

  /** Resolves when what was given up so far is kept, or cannot be. */
  async idle(): Promise<void> {
    await Promise.all(this.#watched);
  }

  async #put(task: SupervisedTask, error: unknown, { worker }: TaskPlace, atMs: number): Promise<void> {
    // Nobody wants it any more.
    if (task.signal?.aborted) return;
    const { taskId, taskType, payload = null } = task;
    try {
      await this.#letters.add({
        taskType,
        payload,
        error,
        attempts: worker === undefined ? 0 : 1,
        firstAttemptAt: atMs,
        reason: (isAgentError(error) ? REASONS[error.code] : undefined) ?? "max_attempts",
        context: { supervisor: this.#supervisor, taskId: taskId.toWellFormed(), ...(worker && { worker }) },
        ...(worker !== undefined && { agent: worker }),
      });
    } catch (failure) {
      // The queue has counted it.
      warnOnce(
        `given-up:${this.#supervisor}:${taskType}:${errorType(failure)}`,
        `supervisor "${this.#supervisor}" could not keep a "${taskType}" that it gave up as a dead letter; the metric ` +
          "agents.dead_letters.refused counts them. Said once.",
        failure,
      );
    }
  }
}
