import type { DatabaseSync } from "node:sqlite";
import { type LinkedEntry, link } from "../ledger/chain.ts";
import type { CleanEntry } from "../ledger/clean-entry.ts";
import type { LedgerDriver } from "../ledger/ledger-driver.ts";
import { hashOf, insertRows, readHead } from "./ledger-sql.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { immediate, isBusy } from "./transaction.ts";

/** SQLite waits in this thread. Longer than that the event loop is not held up: the group is tried again by a timer. */
const LOCK_WAIT_MS = 20;
/** Of everything else on the connection. */
const BUSY_MS = 5_000;

export function sqliteLedgerDriver(file: SqliteFile): LedgerDriver {
  return {
    write(entries) {
      const db = file.forWriting();
      return waitingAtMost(db, LOCK_WAIT_MS, () => writeGroup(db, entries));
    },
    writeNow(entries, maxMs) {
      const db = file.forWriting();
      const rows = waitingAtMost(db, maxMs, () => writeGroup(db, entries));
      if (rows === "busy") throw new Error("another process holds its lock");
    },
  };
}

function writeGroup(db: DatabaseSync, entries: readonly CleanEntry[]): readonly LinkedEntry[] | "busy" {
  let rows: readonly LinkedEntry[] = [];
  try {
    immediate(db, () => {
      // Read under the write lock, so that nobody else takes the same number.
      rows = link(entries, readHead(db));
      insertRows(db, rows);
    });
    return rows;
  } catch (error) {
    if (isWritten(db, rows)) return rows;
    if (isBusy(error)) return "busy";
    throw error;
  }
}

/** A COMMIT that fails may have done it all the same. Trying again would write the rows twice. */
function isWritten(db: DatabaseSync, rows: readonly LinkedEntry[]): boolean {
  const last = rows.at(-1);
  if (last === undefined) return false;
  try {
    return hashOf(db, last.seq) === last.hash;
  } catch {
    return false;
  }
}

function waitingAtMost<T>(db: DatabaseSync, ms: number, work: () => T): T {
  db.exec(`PRAGMA busy_timeout = ${ms}`);
  try {
    return work();
  } finally {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }
}
