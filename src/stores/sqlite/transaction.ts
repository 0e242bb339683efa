import type { DatabaseSync } from "node:sqlite";

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

/**
 * Runs `work` in one write transaction. IMMEDIATE takes the write lock first: a transaction that reads and only then wants to
 * write fails with "database is locked" whatever the timeout, when another process has written in between.
 *
 * @throws what `work` or SQLite throws; nothing was written then, unless it was the COMMIT that failed.
 */
export function immediate<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** Runs `read` on the file as it is at one moment: each statement by itself would see what others commit in between. @throws as `immediate`. */
export function atOneMoment<T>(db: DatabaseSync, read: () => T): T {
  db.exec("BEGIN");
  try {
    return read();
  } finally {
    rollBack(db);
  }
}

/** Ends a transaction that has failed, unless SQLite has done so. */
export function rollBack(db: DatabaseSync): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // SQLite has done so by itself. Node 22.15 cannot be asked whether it has.
  }
}

/** Whether another connection holds the lock, so that trying again is worth it. */
export function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  // The low byte is the kind, the rest its variety.
  return typeof code === "number" && [SQLITE_BUSY, SQLITE_LOCKED].includes(code & 0xff);
}
