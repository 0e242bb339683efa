import type { Ledger, LedgerRow } from "../../../src/stores/ledger/ledger.ts";
import type { LedgerOptions } from "../../../src/stores/ledger/ledger-options.ts";
import { postgresLedger } from "../../../src/stores/postgres/postgres-ledger.ts";
import { sqliteLedger } from "../../../src/stores/sqlite/sqlite-ledger.ts";

/** @param database Path of a file, or URL of PostgreSQL. */
export function openLedger(database: string, options: LedgerOptions = {}): Ledger {
  return database.startsWith("postgres:")
    ? postgresLedger({ url: database, ...options })
    : sqliteLedger({ path: database, ...options });
}

/** In the order of their numbers. */
export async function allRows(ledger: Ledger): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; before = rows.at(-1)!.seq) {
    const page = await ledger.read({ limit: 10_000, before });
    rows.push(...page);
    if (page.length < 10_000) return rows.reverse();
  }
}

/** As a writer is promised a row: its number, and the id that the writer gave it. */
export function promised({ seq, payload }: LedgerRow): string {
  return `${seq} ${(payload as { id: string }).id}`;
}
