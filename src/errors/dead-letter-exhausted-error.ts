import { AgentError } from "./agent-error.ts";

/** The dead letter was replayed so often that it is not tried again, counting replays whose process ended on the way. It can be resolved by hand. */
export class DeadLetterExhaustedError extends AgentError {
  readonly code = "dead_letter_exhausted";
  readonly queue: string;
  readonly letterId: string;
  readonly replays: number;
  readonly maxReplays: number;

  constructor(queue: string, letterId: string, replays: number, maxReplays: number) {
    super(
      `the dead letter ${JSON.stringify(letterId)} of "${queue}" was replayed ${replays} times, and maxReplays is ` +
        `${maxReplays}: resolve it by hand, or raise maxReplays`,
    );
    this.queue = queue;
    this.letterId = letterId;
    this.replays = replays;
    this.maxReplays = maxReplays;
  }
}
