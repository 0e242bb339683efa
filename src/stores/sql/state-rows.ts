import type { StateEntry } from "../state/state-store.ts";
import type { SqlRow } from "./ledger-rows.ts";

/** Keys of one statement: a database takes only so many parameters, and SQLite only so deep an expression. */
const PART = 200;

export function entryOf(row: SqlRow): StateEntry {
  return {
    key: String(row["key"]),
    version: Number(row["version"]),
    text: row["value"] === null ? undefined : String(row["value"]),
    agent: String(row["agent"]),
    atMs: Number(row["at_ms"]),
  };
}

/** Runs a statement for a part of the items after the other. @returns All rows. */
export async function inParts<Item>(
  items: readonly Item[],
  run: (part: readonly Item[]) => Promise<readonly SqlRow[]>,
): Promise<readonly SqlRow[]> {
  const rows: SqlRow[] = [];
  for (let at = 0; at < items.length; at += PART) {
    for (const row of await run(items.slice(at, at + PART))) rows.push(row);
  }
  return rows;
}
