import { AgentError } from "./agent-error.ts";

/** An entry is not in the ledger. Only `append` with the policy `fail_closed` says it so; the cause is the store's own error. */
export class LedgerWriteError extends AgentError {
  readonly code = "ledger_write";

  /** @param reason Completes "Audit ledger: the entry was not written: …". */
  constructor(reason: string, cause?: unknown) {
    super(`Audit ledger: the entry was not written: ${reason}`, cause === undefined ? undefined : { cause });
  }
}
