import type { DatabaseSync } from "node:sqlite";
import { Meters } from "../rate-limits/meters.ts";
import type { RateKey, RateLimitStore } from "../rate-limits/rate-limit-store.ts";
import { type RateRule, storedName } from "../rate-limits/rate-rule.ts";
import { LOCK_WAIT_MS, type Patience, patiently } from "./patiently.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { immediate } from "./transaction.ts";

/** About a second in all. */
const PATIENCE: Patience = { attempts: 40, pauseMs: 20, holds: true };
/** Writes between two looks for keys that tell nothing any more. */
const WRITES_A_SWEEP = 1_000;

const READ = "SELECT state FROM rate_limits WHERE name = ?";
const WRITE = "INSERT OR REPLACE INTO rate_limits (name, state, idle_at_ms) VALUES (?, ?, ?)";
const FORGET = "DELETE FROM rate_limits WHERE idle_at_ms <= ?";

type Change<T> = (meters: Meters, state: number[], nowMs: number) => T;

/**
 * Rate limits in the embedded database, for the processes of one machine. Their clock is the machine's own since it started, the same in
 * every process, which nobody can set; after a restart of the machine it begins anew, and then what was used is used from that time on.
 *
 * @param file For this driver alone: it sets how its connection waits and syncs.
 * @param nowMs For tests.
 */
export function sqliteRateLimits(file: SqliteFile, nowMs: () => number = machineMs): RateLimitStore {
  const metersOf = cachedMeters();
  let writes = 0;
  const change = <T>({ limiter, key, rules }: RateKey, work: Change<T>): Promise<T> => {
    const name = storedName(limiter, key, rules);
    const meters = metersOf(rules);
    return patiently(PATIENCE, () => {
      const db = file.forWriting();
      // A count that a power cut takes is not worth waiting for the disk.
      db.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}; PRAGMA synchronous = NORMAL`);
      return immediate(db, () => {
        const atMs = nowMs();
        if (++writes % WRITES_A_SWEEP === 0) db.prepare(FORGET).run(atMs);
        return changed(db, name, meters, atMs, work);
      });
    });
  };
  return {
    take: (key, { calls, tokens }, lateMs) =>
      change(key, (meters, state, atMs) => meters.take(state, 0, calls, tokens, atMs, lateMs)),
    add: (key, amounts) => change(key, (meters, state, atMs) => meters.add(state, 0, amounts, atMs)),
    pause: (key, ms) => change(key, (meters, state, atMs) => meters.pause(state, 0, ms, atMs)),
    lower: (key, remaining) => change(key, (meters, state, atMs) => meters.lower(state, 0, remaining, atMs)),
  };
}

/** Within a write transaction. */
function changed<T>(db: DatabaseSync, name: string, meters: Meters, nowMs: number, work: Change<T>): T {
  const stored = db.prepare(READ).get(name)?.["state"];
  const state = typeof stored === "string" ? (JSON.parse(stored) as number[]) : meters.fresh(nowMs);
  const result = work(meters, state, nowMs);
  db.prepare(WRITE).run(name, JSON.stringify(state), Math.ceil(nowMs + meters.idleInMs(state, 0, nowMs)));
  return result;
}

/** A limiter hands in the same rules each time. */
function cachedMeters(): (rules: readonly RateRule[]) => Meters {
  const known = new WeakMap<readonly RateRule[], Meters>();
  return (rules) => {
    const meters = known.get(rules) ?? new Meters(rules);
    known.set(rules, meters);
    return meters;
  };
}

/** Since the machine started. `performance.now` begins with each process. */
function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
