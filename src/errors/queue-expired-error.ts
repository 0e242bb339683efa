import { AgentError } from "./agent-error.ts";

/**
 * The task was not done by its deadline. One that waited was never started; one that ran has had its signal aborted. It says nothing
 * about what the task calls: most of its time may have gone by in the queue.
 */
export class QueueExpiredError extends AgentError {
  readonly code = "queue_expired";
  readonly queue: string;
  /** Milliseconds that it waited. */
  readonly waitedMs: number;
  /** Whether it was running when its time was over. */
  readonly started: boolean;

  constructor(queue: string, waitedMs: number, started: boolean) {
    const when = started ? "while it ran" : "before it was started";
    super(`the deadline of a task in queue "${queue}" passed ${when} (it waited ${Math.round(waitedMs)} ms)`);
    this.queue = queue;
    this.waitedMs = waitedMs;
    this.started = started;
  }
}
