import { EMPTY_HEAD, type LinkedEntry } from "../ledger/chain.ts";
import type { LedgerHead } from "../ledger/ledger.ts";
import { columnValues } from "../sql/ledger-rows.ts";
import { LEDGER_COLUMNS } from "../sql/tables.ts";
import type { Query } from "./postgres-database.ts";

// What writing needs, without the SQL builder, whose loading would hold up a program that has a failure to handle. Every statement
// is a constant of names from the schema.
const HEAD = "SELECT seq, hash FROM agent_otel_ledger ORDER BY seq DESC LIMIT 1";
const HASH_OF = "SELECT hash FROM agent_otel_ledger WHERE seq = $1";
/** A list for each column: one statement for any number of rows, which as values of their own would be too many parameters. */
const LISTS = LEDGER_COLUMNS.map((name, i) => `$${i + 1}::${isNumber(name) ? "bigint" : "text"}[]`);
const INSERT = `INSERT INTO agent_otel_ledger (${LEDGER_COLUMNS.join(", ")})
  SELECT * FROM unnest(${LISTS.join(", ")})`;

export async function readHead(query: Query): Promise<LedgerHead> {
  const [row] = await query(HEAD);
  return row === undefined ? EMPTY_HEAD : { seq: Number(row["seq"]), hash: String(row["hash"]) };
}

export async function hashOf(query: Query, seq: number): Promise<string | undefined> {
  const [row] = await query(HASH_OF, [seq]);
  return row === undefined ? undefined : String(row["hash"]);
}

export async function insertRows(query: Query, rows: readonly LinkedEntry[]): Promise<void> {
  const values = rows.map(columnValues);
  await query(
    INSERT,
    LEDGER_COLUMNS.map((_, column) => values.map((row) => row[column])),
  );
}

function isNumber(name: (typeof LEDGER_COLUMNS)[number]): boolean {
  return name === "seq" || name === "at_ms";
}
