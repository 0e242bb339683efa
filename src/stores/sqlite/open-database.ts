import type { DatabaseSync } from "node:sqlite";
import { AgentError } from "../../errors/agent-error.ts";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { loadSqlite } from "./load-sqlite.ts";
import { checkSchema, migrate } from "./migrate.ts";
import { APPLICATION_ID, MIGRATIONS } from "./migrations.ts";
import { checkDatabaseFile, makePrivateFile } from "./private-file.ts";
import { atOneMoment, isBusy } from "./transaction.ts";

/** How long opening, reading and migrating wait for another process's lock. */
const BUSY_MS = 5_000;
const SQLITE_NOTADB = 26;

/** Of the connection. Node's defaults would wait for no lock, and take "text" for a string. */
const CONNECTION = {
  timeout: BUSY_MS,
  allowExtension: false,
  enableDoubleQuotedStringLiterals: false,
  enableForeignKeyConstraints: true,
  // A Node that does not know this one ignores it.
  defensive: true,
} as const;

/**
 * Opens the file, makes it where it is missing, and brings its schema up to date. Durability is FULL: a commit outlives a power cut.
 *
 * @param applicationId Tells files of different kinds apart: of the shared store, and of what `agent-otel dev` keeps.
 * @throws StoreUnusableError, StoreTooNewError; a file that was there is left as it is then.
 */
export function openDatabase(
  path: string,
  migrations = MIGRATIONS,
  applicationId = APPLICATION_ID,
): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    const { DatabaseSync } = loadSqlite(path);
    makePrivateFile(path);
    checkDatabaseFile(path);
    db = new DatabaseSync(path, CONNECTION);
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    // Another process may be about to make the tables.
    const opened = db;
    const lacks = atOneMoment(opened, () => checkSchema(opened, path, migrations, applicationId));
    useWal(db);
    // fullfsync is for macOS, whose fsync leaves data in the disk's cache.
    db.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA trusted_schema = OFF");
    if (lacks) migrate(db, path, migrations, applicationId);
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    throw error instanceof AgentError ? error : unusable(path, error);
  }
}

/** The change of mode needs the file for itself, and SQLite does not always wait for it. */
function useWal(db: DatabaseSync): void {
  const until = performance.now() + BUSY_MS;
  for (;;) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 10);
    }
  }
}

function unusable(path: string, error: unknown): StoreUnusableError {
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string };
  if (errcode === SQLITE_NOTADB)
    return new StoreUnusableError(path, "is not a SQLite database; it was left as it is", error);
  if (code === "EISDIR") return new StoreUnusableError(path, "is a directory; name a file", error);
  return new StoreUnusableError(path, `cannot be opened: ${message ?? String(error)}`, error);
}
