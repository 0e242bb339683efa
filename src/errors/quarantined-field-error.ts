import { AgentError } from "./agent-error.ts";

/** A field was asked for that may not be read: the node that wrote it failed, or had itself read what is bad. */
export class QuarantinedFieldError extends AgentError {
  readonly code = "quarantined_field";
  readonly field: string;
  /** `quarantined`: its own write is bad. `tainted`: it was made from what is bad. */
  readonly reason: "quarantined" | "tainted";
  /** The node whose failure is behind it, or who quarantined it by hand. */
  readonly by: string;

  constructor(field: string, reason: "quarantined" | "tainted", by: string) {
    super(`field ${JSON.stringify(field)} is ${reason} because of ${JSON.stringify(by)}`);
    this.field = field;
    this.reason = reason;
    this.by = by;
  }
}
