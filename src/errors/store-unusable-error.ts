import { AgentError } from "./agent-error.ts";

/** The file of a store cannot be used: no database, another program's, not readable, or Node cannot read it. It was left as it is. */
export class StoreUnusableError extends AgentError {
  readonly code = "store_unusable";
  readonly path: string;

  /** @param reason Completes "Store FILE …". */
  constructor(path: string, reason: string, cause?: unknown) {
    super(`Store ${JSON.stringify(path)} ${reason}`, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}
