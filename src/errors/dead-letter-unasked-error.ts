import { AgentError } from "./agent-error.ts";

/** Nobody asks for a replay of the dead letter any more: somebody else has done it, or it was taken back. Nothing was done with it. */
export class DeadLetterUnaskedError extends AgentError {
  readonly code = "dead_letter_unasked";
  readonly queue: string;
  readonly letterId: string;

  constructor(queue: string, letterId: string) {
    super(`nobody asks for a replay of the dead letter ${JSON.stringify(letterId)} of "${queue}" any more`);
    this.queue = queue;
    this.letterId = letterId;
  }
}
