import { AgentError } from "./agent-error.ts";

/** A dead letter cannot be read: somebody else has written it, or the disk has lost a part of it. */
export class DeadLetterDamagedError extends AgentError {
  readonly code = "dead_letter_damaged";
  readonly queue: string;
  readonly letterId: string;
  /** Where a file was set aside to; `undefined`: it is where it was. */
  readonly movedTo: string | undefined;

  /** @param reason Completes "the dead letter … cannot be read: …". */
  constructor(queue: string, letterId: string, reason: string, movedTo?: string, cause?: unknown) {
    const where = movedTo === undefined ? "" : `; it was set aside to ${JSON.stringify(movedTo)}`;
    super(
      `the dead letter ${JSON.stringify(letterId)} of "${queue}" cannot be read: ${reason}${where}`,
      cause === undefined ? undefined : { cause },
    );
    this.queue = queue;
    this.letterId = letterId;
    this.movedTo = movedTo;
  }
}
