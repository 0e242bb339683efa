import { AgentError } from "./agent-error.ts";

/** What is to be acted on lives in another process, and nothing is shared with it. */
export class NotReachableError extends AgentError {
  readonly code = "not_reachable";
  /** What to run instead, where there is something. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}
