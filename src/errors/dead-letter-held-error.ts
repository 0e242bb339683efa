import { AgentError } from "./agent-error.ts";

/** Somebody else replays the dead letter now. Nothing was done with it. */
export class DeadLetterHeldError extends AgentError {
  readonly code = "dead_letter_held";
  readonly queue: string;
  readonly letterId: string;
  /** Milliseconds until it is free, should its holder have vanished; one that lives makes it longer. */
  readonly retryAfterMs: number;

  constructor(queue: string, letterId: string, retryAfterMs: number) {
    super(
      `the dead letter ${JSON.stringify(letterId)} of "${queue}" is being replayed by somebody else; should that one have ` +
        `vanished, it is free in ${retryAfterMs} ms`,
    );
    this.queue = queue;
    this.letterId = letterId;
    this.retryAfterMs = retryAfterMs;
  }
}
