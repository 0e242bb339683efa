import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import type { Append } from "../faults/programs/ledger-writer.ts";

/**
 * Looks for the last number and then takes the next one, in a transaction that becomes a writer only with its INSERT, on a connection
 * as Node opens it: it waits for no lock.
 */
export function checkThenInsertAppend(path: string): Append {
  const db = openDatabase(path);
  db.exec("PRAGMA busy_timeout = 0; PRAGMA synchronous = OFF");
  const last = db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM ledger");
  const insert = db.prepare(
    "INSERT INTO ledger (seq, at_ms, kind, subject, payload, prev_hash, hash) VALUES (?, 1, ?, ?, ?, '', '')",
  );
  return async ({ kind, subject, payload }) => {
    db.exec("BEGIN");
    try {
      const seq = Number(last.get()?.["seq"]) + 1;
      insert.run(seq, kind, subject, JSON.stringify(payload));
      db.exec("COMMIT");
      return { seq };
    } catch (error) {
      db.exec("ROLLBACK");
      throw error;
    }
  };
}
