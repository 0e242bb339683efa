import type { DatabaseSync } from "node:sqlite";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { BudgetAnswer, BudgetRequest, BudgetStore, WindowUse } from "../budgets/budget-store.ts";
import { LOCK_WAIT_MS, type Patience, patiently } from "./patiently.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { immediate } from "./transaction.ts";

/** About two seconds in all. */
const PATIENCE: Patience = { attempts: 80, pauseMs: 20, holds: true };
/** Windows and expired reservations are kept for so long after their end, so that a clock that is set back finds what was spent. */
const KEPT_MS = 48 * 3_600_000;
const WRITES_A_SWEEP = 1_000;

const USE = "SELECT spent, reserved FROM budget_windows WHERE key = ?";
const CHANGE = `
  INSERT INTO budget_windows (key, spent, reserved, end_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET spent = spent + excluded.spent, reserved = reserved + excluded.reserved`;
const RESERVE =
  "INSERT INTO budget_reservations (id, amount, windows, expires_ms, expired) VALUES (?, ?, ?, ?, 0)";
const FIND = "SELECT amount, windows, expired FROM budget_reservations WHERE id = ?";
const END = "DELETE FROM budget_reservations WHERE id = ?";
const EXPIRING = "SELECT id, amount, windows FROM budget_reservations WHERE expired = 0 AND expires_ms <= ?";
const EXPIRE = "UPDATE budget_reservations SET expired = 1 WHERE id = ?";

interface Stored {
  readonly amount: number;
  /** Their keys, as JSON. */
  readonly windows: string;
}

/**
 * Budgets in the embedded database, for the processes of one machine. A reservation whose process died counts as spent when its time is over.
 *
 * @param file For this driver alone: it sets how its connection waits and syncs.
 */
export function sqliteBudgets(file: SqliteFile, clock: Clock = systemClock): BudgetStore {
  let writes = 0;
  const write = <T>(work: (db: DatabaseSync, nowMs: number) => T): Promise<T> =>
    patiently(PATIENCE, () => {
      const db = file.forWriting();
      // What a power cut takes are the last moments; what a process spent that is killed stays.
      db.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}; PRAGMA synchronous = NORMAL`);
      return immediate(db, () => {
        const nowMs = clock.now();
        expire(db, nowMs);
        if (++writes % WRITES_A_SWEEP === 0) sweep(db, nowMs);
        return work(db, nowMs);
      });
    });
  return {
    reserve: (request) => write((db, nowMs) => reserve(db, request, nowMs)),
    settle: (id, actual) => write((db) => settle(db, id, actual)),
    use: (keys) => write((db) => keys.map((key) => use(db, key))),
  };
}

function reserve(
  db: DatabaseSync,
  { id, amount, windows, ttlMs }: BudgetRequest,
  nowMs: number,
): BudgetAnswer {
  for (const [i, { key, limit }] of windows.entries()) {
    const before = use(db, key);
    if (before.spent + before.reserved + amount > limit) return { kind: "full", window: i, use: before };
  }
  for (const { key, endMs } of windows) db.prepare(CHANGE).run(key, 0, amount, endMs);
  const keys = windows.map(({ key }) => key);
  db.prepare(RESERVE).run(id, amount, JSON.stringify(keys), nowMs + ttlMs);
  return { kind: "reserved", use: keys.map((key) => use(db, key)) };
}

function settle(db: DatabaseSync, id: string, actual: number): readonly WindowUse[] | undefined {
  const found = db.prepare(FIND).get(id) as (Stored & { readonly expired: number }) | undefined;
  if (found === undefined) return undefined;
  db.prepare(END).run(id);
  const wasSpent = found.expired === 1 ? found.amount : 0;
  return move(db, found, actual - wasSpent, wasSpent - found.amount);
}

function expire(db: DatabaseSync, nowMs: number): void {
  for (const each of db.prepare(EXPIRING).all(nowMs) as unknown as (Stored & { readonly id: string })[]) {
    db.prepare(EXPIRE).run(each.id);
    move(db, each, each.amount, -each.amount);
  }
}

/** @returns What is in the windows of a reservation then. */
function move(db: DatabaseSync, { windows }: Stored, spent: number, reserved: number): readonly WindowUse[] {
  return (JSON.parse(windows) as string[]).map((key) => {
    db.prepare(CHANGE).run(key, spent, reserved, 0);
    return use(db, key);
  });
}

function use(db: DatabaseSync, key: string): WindowUse {
  const { spent = 0, reserved = 0 } = (db.prepare(USE).get(key) ?? {}) as Partial<WindowUse>;
  return { spent, reserved };
}

/** `end_ms` of 0 cannot be: a window is made by a reservation. */
function sweep(db: DatabaseSync, nowMs: number): void {
  db.prepare("DELETE FROM budget_windows WHERE end_ms < ? AND end_ms > 0").run(nowMs - KEPT_MS);
  db.prepare("DELETE FROM budget_reservations WHERE expired = 1 AND expires_ms < ?").run(nowMs - KEPT_MS);
}
