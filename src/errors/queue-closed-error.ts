import { AgentError } from "./agent-error.ts";

/** The task was refused, or taken out before it was started: the queue is closed, or only finishes what it has. */
export class QueueClosedError extends AgentError {
  readonly code = "queue_closed";
  readonly queue: string;

  constructor(queue: string) {
    super(`queue "${queue}" is closed and starts no more tasks`);
    this.queue = queue;
  }
}
