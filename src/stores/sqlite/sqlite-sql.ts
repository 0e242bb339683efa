import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { RunSql, SqlDatabase } from "../sql/sql-database.ts";
import { LOCK_WAIT_MS, type Patience, patiently } from "./patiently.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { rollBack } from "./transaction.ts";

/** Some ten seconds in all: what waits here is to be kept, and others may have much to write. */
const PATIENCE: Patience = { attempts: 400, pauseMs: 20, holds: true };

/** `full`: a commit outlives a power cut. `normal`: it outlives the end of the process, and a power cut takes the last moments. */
export type Durability = "full" | "normal";

/**
 * One connection to a SQLite file. Whoever uses it gets it for himself until his transaction ends, in the order of asking.
 *
 * @param file For this alone: it sets how its connection waits and syncs.
 */
export function sqliteSql(file: SqliteFile, durability: Durability, clock: Clock = systemClock): SqlDatabase {
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  const open = (): DatabaseSync => {
    const db = file.forWriting();
    db.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}; PRAGMA synchronous = ${durability.toUpperCase()}`);
    return db;
  };
  return {
    dialect: "sqlite",
    shown: file.path,
    run: (statement) => alone(() => patiently(PATIENCE, () => rowsOf(open(), statement))),
    transaction: (work) =>
      alone(async () => {
        const db = await patiently(PATIENCE, () => begun(open()));
        return ended(db, work);
      }),
    lock: async () => {},
    now: async () => clock.now(),
    isEmpty: async () => file.forReading() === undefined,
    async close() {
      await last;
      file.close();
    },
  };
}

/** IMMEDIATE takes the write lock first: a transaction that reads and only then wants to write fails when another one was in between. */
function begun(db: DatabaseSync): DatabaseSync {
  db.exec("BEGIN IMMEDIATE");
  return db;
}

async function ended<T>(db: DatabaseSync, work: (run: RunSql) => Promise<T>): Promise<T> {
  try {
    const result = await work(async (statement) => rowsOf(db, statement));
    db.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function rowsOf(
  db: DatabaseSync,
  { sql, parameters }: Parameters<RunSql>[0],
): readonly Record<string, unknown>[] {
  return db.prepare(sql).all(...(parameters as readonly SQLInputValue[]));
}
