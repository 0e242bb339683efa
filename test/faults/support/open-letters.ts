import { DatabaseSync } from "node:sqlite";
import { deadLetterQueue, fileStore, postgresStore, sqliteStore } from "../../../src/index.ts";

/** @param place A URL of PostgreSQL, a file that ends in `.db`, or a folder. */
export function openLetters(place: string, options: { readonly replayLeaseMs?: number } = {}) {
  const open = () => {
    if (place.startsWith("postgres")) return postgresStore(place);
    return place.endsWith(".db") ? sqliteStore(place) : fileStore(place);
  };
  const store = open();
  // A letter that many processes were killed with is no poison here.
  return { store, queue: deadLetterQueue({ name: "faults", store, maxReplays: 1_000_000, ...options }) };
}

/** What a program of the test's own takes its messages from, and where it says what it did. */
export function openSource(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 10_000 });
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, fails INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS done (id INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS effects (key TEXT NOT NULL, process INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS paid (key TEXT PRIMARY KEY) WITHOUT ROWID;
  `);
  return db;
}

export function isFailing(id: number): boolean {
  return id % 3 === 0;
}
