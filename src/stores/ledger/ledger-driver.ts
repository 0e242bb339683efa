import type { LinkedEntry } from "./chain.ts";
import type { CleanEntry } from "./clean-entry.ts";

/** Where the rows of one ledger go. */
export interface LedgerDriver {
  /**
   * Puts entries behind the head, all in one transaction, and makes it durable.
   *
   * @returns The rows; `busy` where another writer holds the lock just now: nothing was written, and trying again soon is right.
   * @throws where the store fails. Nothing was written then, as far as the driver can find out.
   */
  write(
    entries: readonly CleanEntry[],
  ): readonly LinkedEntry[] | "busy" | Promise<readonly LinkedEntry[] | "busy">;
  /**
   * The same within this turn, waiting for a lock at most `maxMs`: for the end of the process. Left out by drivers that cannot.
   */
  writeNow?(entries: readonly CleanEntry[], maxMs: number): void;
}
