import { AgentError } from "./agent-error.ts";

export interface QueueFullFacts {
  readonly queue: string;
  /** Tasks that wait. */
  readonly size: number;
  /** Tasks that may wait. */
  readonly maxQueue: number;
  /** 1 (highest) to 10, of the task that was refused. */
  readonly priority: number;
  readonly retryAfterMs: number;
}

/** The task was refused: as many wait as may. It was not started, and nothing of it was kept. */
export class QueueFullError extends AgentError implements QueueFullFacts {
  readonly code = "queue_full";
  readonly queue: string;
  readonly size: number;
  readonly maxQueue: number;
  readonly priority: number;
  /** Milliseconds until a place may be free: the mean time between two tasks that end, 1,000 where that is not known yet. */
  readonly retryAfterMs: number;

  constructor({ queue, size, maxQueue, priority, retryAfterMs }: QueueFullFacts) {
    super(`queue "${queue}" is full: ${size} of ${maxQueue} places are taken (again in ${retryAfterMs} ms)`);
    this.queue = queue;
    this.size = size;
    this.maxQueue = maxQueue;
    this.priority = priority;
    this.retryAfterMs = retryAfterMs;
  }
}
