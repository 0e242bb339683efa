import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";

export interface LedgerOptions {
  /**
   * What `append` does when an entry cannot be kept, because the store fails or the buffer is full: `fail_open` counts it, reports
   * the first, and gives `undefined`; `fail_closed` throws, for work that must not go on without its record. @default "fail_open"
   */
  readonly policy?: "fail_open" | "fail_closed";
  /**
   * Least milliseconds between two commits, 0 to 10,000. An entry after a quiet time is written at once; those that follow within
   * this time share a commit. @default 50
   */
  readonly groupMs?: number;
  /** Most entries in one commit, 1 to 10,000; so many do not wait. @default 256 */
  readonly groupRows?: number;
  /** Most entries that wait, 1 to 1,000,000. @default 10_000 */
  readonly bufferRows?: number;
  readonly clock?: Clock;
  /** Timers, for tests. */
  readonly after?: After;
}

export type CheckedLedgerOptions = Required<LedgerOptions>;

/** @throws TypeError or RangeError that names the option and the value. */
export function checkLedgerOptions(options: LedgerOptions): CheckedLedgerOptions {
  const { policy = "fail_open", groupMs = 50, groupRows = 256, bufferRows = 10_000 } = options;
  if (policy !== "fail_open" && policy !== "fail_closed")
    throw new TypeError(`ledger: policy must be "fail_open" or "fail_closed", got ${JSON.stringify(policy)}`);
  checkWhole("ledger: groupMs", groupMs, 0, 10_000);
  checkWhole("ledger: groupRows", groupRows, 1, 10_000);
  checkWhole("ledger: bufferRows", bufferRows, 1, 1_000_000);
  const { clock = systemClock, after = systemAfter } = options;
  return { policy, groupMs, groupRows, bufferRows, clock, after };
}
