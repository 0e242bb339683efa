import { AgentError } from "./agent-error.ts";

/** The checkpoint of a run cannot be read: somebody else has written it, or the disk has lost a part of it. The run was not begun anew. */
export class CheckpointDamagedError extends AgentError {
  readonly code = "checkpoint_damaged";
  /** Of the run; the name of its folder where only that is known. */
  readonly id: string;
  /** Where its folder was set aside to; `undefined`: another process did so, or it is in a database, where it needs attention from now on. */
  readonly movedTo: string | undefined;

  /** @param reason Completes "the checkpoint of … cannot be read: …". */
  constructor(id: string, reason: string, movedTo: string | undefined, cause?: unknown) {
    const where = movedTo === undefined ? "" : `; it was set aside to ${JSON.stringify(movedTo)}`;
    super(
      `the checkpoint of workflow run ${JSON.stringify(id)} cannot be read: ${reason}${where}`,
      cause === undefined ? undefined : { cause },
    );
    this.id = id;
    this.movedTo = movedTo;
  }
}
