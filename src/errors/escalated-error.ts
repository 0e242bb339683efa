import { AgentError } from "./agent-error.ts";

/** The call failed and is left to a human; there is no answer to give in its place. The cause is the call's own error. */
export class EscalatedError extends AgentError {
  readonly code = "escalated";
  /** Of the incident: the human was given the same, and so was the ledger. */
  readonly ticket: string;

  /** @param name Of the breaker or function, where it has one. */
  constructor(ticket: string, name: string | undefined, cause: unknown) {
    const what = name === undefined ? "the call" : `"${name}"`;
    super(`${what} failed and is left to a human (ticket ${ticket})`, { cause });
    this.ticket = ticket;
  }
}
