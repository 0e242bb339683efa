import type { DatabaseSync } from "node:sqlite";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import type { BreakerDriver, StoredBreaker } from "../breakers/breaker-driver.ts";
import { beat, leave, operate, readBreaker, restore } from "./breaker-sql.ts";
import { ChangeWatch } from "./change-watch.ts";
import { LOCK_WAIT_MS, type Patience, patiently } from "./patiently.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { immediate } from "./transaction.ts";

/** About a second in all; nobody waits for it. */
const PATIENCE: Patience = { attempts: 20, pauseMs: 40, holds: false };

const NOTHING: StoredBreaker = { operator: undefined, instances: [] };

/** What outlives a power cut is an operator's; a sign of life is not worth waiting for the disk. */
type Durability = "FULL" | "NORMAL";

/** For tests. */
export interface SqliteBreakerOptions {
  readonly clock?: Clock;
  readonly after?: After;
}

/**
 * Breaker state in the embedded database. SQLite tells nobody of changes, so it is asked four times a second whether there were any.
 *
 * @param file For this driver alone: it sets how its connection waits and syncs.
 */
export function sqliteBreakerDriver(file: SqliteFile, options: SqliteBreakerOptions = {}): BreakerDriver {
  const { clock = systemClock, after = systemAfter } = options;
  const watch = new ChangeWatch(file, after);
  const write = <T>(durability: Durability, work: (db: DatabaseSync, nowMs: number) => T): Promise<T> =>
    patiently(PATIENCE, () => {
      const db = file.forWriting();
      db.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}; PRAGMA synchronous = ${durability}`);
      return immediate(db, () => work(db, clock.now()));
    });
  return {
    name: file.path,
    operate: (name, action) => write("FULL", (db, nowMs) => operate(db, name, action, nowMs)),
    restore: (name, record) => write("FULL", (db) => restore(db, name, record)),
    beat: (beats, ttlMs) => write("NORMAL", (db, nowMs) => beat(db, beats, ttlMs, nowMs)),
    leave: (all) =>
      write("NORMAL", (db) => {
        for (const { name, instance } of all) leave(db, name, instance);
      }),
    async read(names) {
      const db = file.forReading();
      const nowMs = clock.now();
      return new Map(names.map((name) => [name, db === undefined ? NOTHING : readBreaker(db, name, nowMs)]));
    },
    listen: async ({ missed }) => watch.start(missed),
    async close() {
      watch.stop();
      file.close();
    },
  };
}
