import type { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import type { BreakerDriver, StoredBreaker } from "../breakers/breaker-driver.ts";
import { beat, leave, operate, readBreaker, restore } from "./breaker-sql.ts";
import { ChangeWatch } from "./change-watch.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { immediate, isBusy } from "./transaction.ts";

/** SQLite waits in this thread. Longer than that the event loop is not held up. */
const LOCK_WAIT_MS = 10;
/** How often a lock is asked for before that is a failure; about a second in all. */
const ATTEMPTS = 20;
const PAUSE_MS = 40;

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
    patiently(() => {
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

/** Tries again while another process holds the lock. */
async function patiently<T>(attempt: () => T): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return attempt();
    } catch (error) {
      if (n === ATTEMPTS || !isBusy(error)) throw error;
    }
    await wait(PAUSE_MS * (0.5 + Math.random()), undefined, { ref: false });
  }
}
