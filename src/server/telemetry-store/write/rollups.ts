import { addRecord, addRow, emptyRow, endOfRecord, keyText } from "../../../health/rollup/fold-record.ts";
import { KnownKeys } from "../../../health/rollup/known-keys.ts";
import type { RollupKey, RollupRow, SliceMs } from "../../../health/rollup/rollup-row.ts";
import type { CallRecord } from "../../../telemetry/call-record.ts";
import { VALUE_OTHER } from "../../../telemetry/semconv.ts";
import { BoundedMap } from "../bounded-map.ts";
import { readRollupKey, rollupKeyText, storedRollup, sumsText } from "../rollup-columns.ts";
import { type Deltas, deltaIn, FINEST_MS, LONGER_MS, longerDeltas, sliceOf } from "../rollup-deltas.ts";
import type { Statements } from "../statements.ts";

const KEY = "SELECT id FROM rollup_keys WHERE text = ?";
const ADD_KEY = "INSERT INTO rollup_keys (text, key) VALUES (?, ?)";
const COUNT_KEYS = "SELECT count(*) AS keys FROM rollup_keys";
const FOLDED = "SELECT folded_until_ms FROM rollup_state WHERE id = 1";
const BEGIN = "INSERT OR IGNORE INTO rollup_state (id, folded_until_ms) VALUES (1, ?)";
const FOLD = "INSERT OR REPLACE INTO rollup_state (id, folded_until_ms) VALUES (1, ?)";
const UNFOLDED = `SELECT r.start_ms, r.sums, r.durations, k.text, k.key FROM rollups r CROSS JOIN rollup_keys k ON k.id = r.key
  WHERE r.slice = ? AND r.start_ms >= ? AND r.start_ms < ?`;
const READ = "SELECT sums, durations FROM rollups WHERE slice = ? AND start_ms = ? AND key = ?";
const WRITE = "INSERT OR REPLACE INTO rollups (slice, start_ms, key, sums, durations) VALUES (?, ?, ?, ?, ?)";

/** Names of agents, models and tools are few; where they are not, those that come later are counted together. */
const MAX_KEYS = 10_000;
const REMEMBERED_ROWS = 2_000;

/**
 * Adds calls to their rows. Those of the finest slices are written at once; when such a slice is over it is added to the longer ones, and
 * what comes later for it goes into all three. Who reads the longer ones adds what is not in them yet.
 */
export class RollupWriter {
  readonly #statements: Statements;
  readonly #rows = new BoundedMap<string, RollupRow>(REMEMBERED_ROWS);
  readonly #keyIds = new BoundedMap<string, number>(REMEMBERED_ROWS);
  #keys: number;
  /** Of this transaction, in the finest slices. */
  readonly #deltas: Deltas = new Map();
  /** Of this transaction, each with the row in which it was counted last. */
  readonly #known = new KnownKeys(REMEMBERED_ROWS);
  #foldedUntilMs: number;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.#keys = Number(statements.get(COUNT_KEYS).get()?.["keys"]);
    this.#foldedUntilMs = foldedUntil(statements);
  }

  /** In a new database: from when on slices are added up when they are over. */
  begin(nowMs: number): void {
    this.#statements.get(BEGIN).run(sliceOf(nowMs, FINEST_MS));
    this.#foldedUntilMs = foldedUntil(this.#statements);
  }

  /** A call that ended in the future by the clock of its sender ended when it arrived. */
  add(record: CallRecord, nowMs: number): void {
    const startMs = sliceOf(Math.min(endOfRecord(record, nowMs), nowMs), FINEST_MS);
    const { key, text, rows } = this.#known.of(record);
    let row = rows[0];
    if (row?.startMs !== startMs) {
      row = deltaIn(this.#deltas, startMs, text, key);
      rows[0] = row;
    }
    addRecord(row, record);
  }

  write(): void {
    this.#writeAll(FINEST_MS, this.#deltas);
    for (const slice of LONGER_MS)
      this.#writeAll(slice, longerDeltas(this.#deltas, slice, this.#foldedUntilMs));
    this.#clear();
  }

  /** Adds slices that are over to the longer ones. Within a transaction of its own. */
  fold(nowMs: number): void {
    const untilMs = sliceOf(nowMs, FINEST_MS);
    if (untilMs <= this.#foldedUntilMs) return;
    const deltas: Deltas = new Map();
    for (const row of this.#statements.get(UNFOLDED).iterate(FINEST_MS, this.#foldedUntilMs, untilMs)) {
      const stored = storedRollup(row, readRollupKey(String(row["key"])));
      addRow(deltaIn(deltas, stored.startMs, String(row["text"]), stored), stored);
    }
    for (const slice of LONGER_MS) this.#writeAll(slice, longerDeltas(deltas, slice, untilMs));
    this.#statements.get(FOLD).run(untilMs);
    this.#foldedUntilMs = untilMs;
  }

  /** What was not written is gone, and what is remembered may not be what is stored. */
  forget(): void {
    this.#clear();
    this.#rows.clear();
    this.#keyIds.clear();
    this.#keys = Number(this.#statements.get(COUNT_KEYS).get()?.["keys"]);
    this.#foldedUntilMs = foldedUntil(this.#statements);
  }

  #clear(): void {
    this.#deltas.clear();
    this.#known.clear();
  }

  #writeAll(slice: SliceMs, deltas: Deltas): void {
    for (const rows of deltas.values()) for (const [text, row] of rows) this.#write(slice, text, row);
  }

  #write(slice: SliceMs, text: string, delta: RollupRow): void {
    const key = this.#keyId(text, delta);
    const place = `${slice},${delta.startMs},${key}`;
    let row = this.#rows.get(place);
    if (row === undefined) {
      row = this.#stored(slice, delta, key);
      this.#rows.set(place, row);
    }
    addRow(row, delta);
    this.#statements.get(WRITE).run(slice, delta.startMs, key, sumsText(row), row.durations.toText());
  }

  #stored(slice: SliceMs, delta: RollupRow, key: number): RollupRow {
    const found = this.#statements.get(READ).get(slice, delta.startMs, key);
    return found === undefined
      ? emptyRow(delta.startMs, delta)
      : storedRollup({ ...found, start_ms: delta.startMs }, delta);
  }

  #keyId(text: string, key: RollupKey): number {
    const known = this.#keyIds.get(text);
    if (known !== undefined) return known;
    const found = this.#statements.get(KEY).get(text);
    if (found === undefined && this.#keys >= MAX_KEYS && key.agent !== VALUE_OTHER) {
      const other = otherKey(key);
      return this.#keyId(keyText(other), other);
    }
    const id = Number(found?.["id"] ?? this.#addKey(text, key));
    this.#keyIds.set(text, id);
    return id;
  }

  #addKey(text: string, key: RollupKey): number | bigint {
    this.#keys += 1;
    return this.#statements.get(ADD_KEY).run(text, rollupKeyText(key)).lastInsertRowid;
  }
}

function foldedUntil(statements: Statements): number {
  return Number(statements.get(FOLDED).get()?.["folded_until_ms"] ?? 0);
}

function otherKey(key: RollupKey): RollupKey {
  const { operation, callerType, errorType } = key;
  const other = (name: string): string => (name === "" ? "" : VALUE_OTHER);
  return {
    operation,
    agent: VALUE_OTHER,
    callerType,
    caller: other(key.caller),
    workflow: other(key.workflow),
    tool: other(key.tool),
    provider: other(key.provider),
    model: other(key.model),
    // Types of errors may be as many as messages, where somebody puts them there.
    errorType: other(errorType),
  };
}
