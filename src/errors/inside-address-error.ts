import { AgentError } from "./agent-error.ts";

/** A host that something was to be sent to has an address of this machine or its network. Nothing was sent. */
export class InsideAddressError extends AgentError {
  readonly code = "inside_address";

  constructor() {
    super("the host has an address of this machine or its network, or none at all; nothing was sent");
  }
}
