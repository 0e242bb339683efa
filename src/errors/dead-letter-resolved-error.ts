import { AgentError } from "./agent-error.ts";

/** The dead letter is resolved already, so it is not replayed again. */
export class DeadLetterResolvedError extends AgentError {
  readonly code = "dead_letter_resolved";
  readonly queue: string;
  readonly letterId: string;
  /** What was said then. */
  readonly resolution: string;

  constructor(queue: string, letterId: string, resolution: string) {
    super(
      `the dead letter ${JSON.stringify(letterId)} of "${queue}" is resolved: ${JSON.stringify(resolution)}`,
    );
    this.queue = queue;
    this.letterId = letterId;
    this.resolution = resolution;
  }
}
