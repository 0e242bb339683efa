import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type {
  Beat,
  Instance,
  OperatorAction,
  OperatorRecord,
  StoredBreaker,
} from "../breakers/breaker-driver.ts";
import type { OperatorState } from "../breakers/breaker-store.ts";

const OPERATOR = "SELECT state, version, instance FROM breaker_operators WHERE name = ?";
const OPERATE = `INSERT INTO breaker_operators AS was (name, state, version, instance) VALUES (?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET state = excluded.state, version = max(excluded.version, was.version + 1),
    instance = excluded.instance
  WHERE was.instance = excluded.instance OR was.version <= max(excluded.version, ?)
    OR was.version > ?`;
const RESTORE = `INSERT INTO breaker_operators AS was (name, state, version, instance) VALUES (?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET state = excluded.state, version = excluded.version, instance = excluded.instance
  WHERE was.version < excluded.version`;
const FORGET = "DELETE FROM breaker_instances WHERE alive_until_ms <= ?";
const BEAT = "INSERT OR REPLACE INTO breaker_instances VALUES (?, ?, ?, ?)";
const LEAVE = "DELETE FROM breaker_instances WHERE name = ? AND instance = ?";
const LIVING = `SELECT instance, open_until_ms FROM breaker_instances
  WHERE name = ? AND alive_until_ms > ? ORDER BY instance`;

/** Within a write transaction. */
export function operate(
  db: DatabaseSync,
  name: string,
  { state, ageMs, by, seen }: OperatorAction,
  nowMs: number,
): OperatorRecord {
  db.prepare(OPERATE).run(name, state, nowMs - Math.round(ageMs()), by, seen, nowMs);
  return readOperator(db, name, nowMs)!;
}

export function restore(
  db: DatabaseSync,
  name: string,
  { state, version, by }: Omit<OperatorRecord, "ageMs">,
): void {
  db.prepare(RESTORE).run(name, state, version, by);
}

/** Within a write transaction. Takes out who is dead. */
export function beat(db: DatabaseSync, beats: readonly Beat[], ttlMs: number, nowMs: number): void {
  db.prepare(FORGET).run(nowMs);
  const statement = db.prepare(BEAT);
  for (const { name, instance, openMs } of beats)
    statement.run(name, instance, nowMs + Math.round(ttlMs), openMs === 0 ? 0 : nowMs + Math.round(openMs));
}

export function leave(db: DatabaseSync, name: string, instance: string): void {
  db.prepare(LEAVE).run(name, instance);
}

export function readBreaker(db: DatabaseSync, name: string, nowMs: number): StoredBreaker {
  const living = db.prepare(LIVING).all(name, nowMs);
  return {
    operator: readOperator(db, name, nowMs),
    instances: living.map((row): Instance => {
      const openMs = Math.max(0, Number(row["open_until_ms"]) - nowMs);
      return { instance: String(row["instance"]), openMs };
    }),
  };
}

function readOperator(db: DatabaseSync, name: string, nowMs: number): OperatorRecord | undefined {
  const row: Record<string, SQLOutputValue> | undefined = db.prepare(OPERATOR).get(name);
  if (row === undefined) return undefined;
  return {
    state: row["state"] as OperatorState,
    version: Number(row["version"]),
    ageMs: Math.max(0, nowMs - Number(row["version"])),
    by: String(row["instance"]),
  };
}
