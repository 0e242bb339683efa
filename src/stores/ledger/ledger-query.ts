import { checkWhole } from "../../internal/check-number.ts";
import { cleanKind, cleanSubject } from "./clean-entry.ts";
import type { LedgerQuery } from "./ledger.ts";

/** As a store is asked. */
export interface CheckedLedgerQuery {
  readonly kind: string | undefined;
  readonly subject: string | undefined;
  readonly limit: number;
  readonly before: number | undefined;
}

/** @throws RangeError or TypeError that names the field and the value. */
export function checkLedgerQuery({ kind, subject, limit = 100, before }: LedgerQuery): CheckedLedgerQuery {
  checkWhole("ledger: limit", limit, 1, 10_000);
  if (before !== undefined) checkWhole("ledger: before", before, 0);
  return {
    kind: kind === undefined ? undefined : cleanKind(text("kind", kind)),
    subject: subject === undefined ? undefined : cleanSubject(text("subject", subject)),
    limit,
    before,
  };
}

function text(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(`ledger: ${name} must be a string, got ${typeof value}`);
}
