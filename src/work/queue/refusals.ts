import { QueueClosedError } from "../../errors/queue-closed-error.ts";
import { QueueExpiredError } from "../../errors/queue-expired-error.ts";
import { QueueFullError, type QueueFullFacts } from "../../errors/queue-full-error.ts";
import { withoutStack } from "../../internal/without-stack.ts";
import { queueRejected } from "./queue-events.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import { Refusal, type RefusalReason } from "./waiter.ts";

/** Says no to tasks, and counts each no once. */
export class Refusals {
  readonly #queue: string;
  readonly #metrics: QueueMetrics;

  constructor(queue: string, metrics: QueueMetrics) {
    this.#queue = queue;
    this.#metrics = metrics;
  }

  closed(priority: number): Refusal {
    const error = withoutStack(() => new QueueClosedError(this.#queue));
    return this.#counted("closed", priority, error);
  }

  aborted(priority: number, signal: AbortSignal | undefined): Refusal {
    return this.#counted("aborted", priority, signal?.reason);
  }

  expired(priority: number, waitedMs: number): Refusal {
    const error = withoutStack(() => new QueueExpiredError(this.#queue, waitedMs, false));
    return this.#counted("expired", priority, error);
  }

  full(facts: Omit<QueueFullFacts, "queue">): Refusal {
    const error = withoutStack(() => new QueueFullError({ queue: this.#queue, ...facts }));
    return this.#counted("full", facts.priority, error);
  }

  /** Throws it to the caller, and says it on the caller's span: to be called in the caller's own async context. */
  giveTo({ reason, priority, error }: Refusal): never {
    queueRejected(this.#queue, reason, priority);
    throw error;
  }

  #counted(reason: RefusalReason, priority: number, error: unknown): Refusal {
    this.#metrics.rejected(this.#queue, reason);
    return new Refusal(reason, priority, error);
  }
}
