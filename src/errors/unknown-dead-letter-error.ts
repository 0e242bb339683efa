import { AgentError } from "./agent-error.ts";

/** There is no dead letter of that id in the queue: it never was, or it was resolved long ago and is purged. */
export class UnknownDeadLetterError extends AgentError {
  readonly code = "unknown_dead_letter";
  readonly queue: string;
  readonly letterId: string;

  constructor(queue: string, letterId: string) {
    super(`the dead letter queue "${queue}" has no letter ${JSON.stringify(letterId)}`);
    this.queue = queue;
    this.letterId = letterId;
  }
}
