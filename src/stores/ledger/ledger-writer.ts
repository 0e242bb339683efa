import { isAgentError } from "../../errors/agent-error.ts";
import { LedgerWriteError } from "../../errors/ledger-write-error.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { cleanEntry } from "./clean-entry.ts";
import { GroupCommit } from "./group-commit.ts";
import type { Ledger, LedgerEntry, LedgerRow } from "./ledger.ts";
import type { LedgerDriver } from "./ledger-driver.ts";
import { ledgerMetrics } from "./ledger-metrics.ts";
import type { CheckedLedgerOptions } from "./ledger-options.ts";

/** The half of a ledger that writes, the same for every driver. */
export type LedgerWriter = Pick<Ledger, "append" | "record" | "counts" | "close">;

/** @param closeStore Called once, after the last entry is written. */
export function ledgerWriter(
  driver: LedgerDriver,
  options: CheckedLedgerOptions,
  closeStore: () => void | Promise<void>,
  metrics = ledgerMetrics,
): LedgerWriter {
  const group = new GroupCommit(driver, options, metrics);
  metrics.opened();
  let closing: Promise<void> | undefined;
  return {
    // Async, so that a bad entry is a rejection as every other failure is.
    async append(entry: LedgerEntry): Promise<LedgerRow | undefined> {
      const clean = cleanEntry(entry, options.clock.now());
      return new Promise<LedgerRow | undefined>((kept, reject) => {
        const lost = (error: unknown) =>
          options.policy === "fail_open" ? kept(undefined) : reject(failure(error));
        group.add(clean, { kept, lost });
      });
    },
    record(entry: LedgerEntry): void {
      try {
        group.add(cleanEntry(entry, options.clock.now()));
      } catch (error) {
        reportFailure("recording in the audit ledger", error);
      }
    },
    counts: () => group.counts(),
    close: () => {
      closing ??= group.close().then(closeStore);
      return closing;
    },
  };
}

function failure(error: unknown): Error {
  if (isAgentError(error)) return error;
  return new LedgerWriteError(error instanceof Error ? error.message : String(error), error);
}
