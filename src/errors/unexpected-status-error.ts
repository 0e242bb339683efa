import { AgentError } from "./agent-error.ts";

/** An endpoint that was looked at answered with what is no success. */
export class UnexpectedStatusError extends AgentError {
  readonly code = "unexpected_status";
  readonly status: number;

  constructor(status: number) {
    super(`the endpoint answered ${status}`);
    this.status = status;
  }
}
