import type { DatabaseSync } from "node:sqlite";
import { EMPTY_HEAD, type LinkedEntry } from "../ledger/chain.ts";
import type { LedgerHead } from "../ledger/ledger.ts";
import { columnValues } from "../sql/ledger-rows.ts";
import { LEDGER_COLUMNS } from "../sql/tables.ts";

// What writing needs, without the SQL builder: loading it takes tens of milliseconds, and at the end of a process nothing can be
// loaded any more. Every statement is a constant of names from the schema.
const INSERT = `INSERT INTO ledger (${LEDGER_COLUMNS.join(", ")})
  VALUES (${LEDGER_COLUMNS.map(() => "?").join(", ")})`;
const HEAD = "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1";
const HASH_OF = "SELECT hash FROM ledger WHERE seq = ?";

export function readHead(db: DatabaseSync): LedgerHead {
  const row = db.prepare(HEAD).get();
  return row === undefined ? EMPTY_HEAD : { seq: Number(row["seq"]), hash: String(row["hash"]) };
}

export function hashOf(db: DatabaseSync, seq: number): string | undefined {
  const row = db.prepare(HASH_OF).get(seq);
  return row === undefined ? undefined : String(row["hash"]);
}

export function insertRows(db: DatabaseSync, rows: readonly LinkedEntry[]): void {
  const insert = db.prepare(INSERT);
  for (const row of rows) insert.run(...columnValues(row));
}
