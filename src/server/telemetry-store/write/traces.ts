import type { Statements } from "../statements.ts";
import { newTrace, type TraceColumns, TraceEntry } from "./trace-entry.ts";

const FIND = "SELECT * FROM traces WHERE trace_id = ?";
const LAST = "SELECT coalesce(max(key), 0) AS key FROM traces";
const ADD = `INSERT INTO traces (seen_ms, name, resource, has_root, first_us, start_us, duration_us, spans, errors, model_calls, tokens,
    cost, unpriced, findings, logs, marks, trace_id, key)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const CHANGE = `UPDATE traces SET seen_ms = ?, name = ?, resource = ?, has_root = ?, first_us = ?, start_us = ?, duration_us = ?, spans = ?,
    errors = ?, model_calls = ?, tokens = ?, cost = ?, unpriced = ?, findings = ?, logs = ?, marks = ?
  WHERE key = ?`;
const MARK = "INSERT OR IGNORE INTO trace_marks (mark, trace) VALUES (?, ?)";

/** The summaries that one transaction changes: each is read once and written once. */
export class TraceWriter {
  readonly #statements: Statements;
  readonly #open = new Map<string, TraceEntry>();
  // Spans of one trace mostly follow each other.
  #last: TraceEntry | undefined;
  #lastKey: number;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.#lastKey = Number(statements.get(LAST).get()?.["key"]);
  }

  entry(traceId: string): TraceEntry {
    if (this.#last?.columns.trace_id === traceId) return this.#last;
    this.#last = this.#open.get(traceId) ?? this.#opened(traceId);
    return this.#last;
  }

  #opened(traceId: string): TraceEntry {
    const row = this.#statements.get(FIND).get(traceId) as TraceColumns | undefined;
    const entry = row === undefined ? newTrace(++this.#lastKey, traceId) : new TraceEntry({ ...row }, true);
    this.#open.set(traceId, entry);
    return entry;
  }

  /** Writes what has changed. */
  write(nowMs: number): void {
    const mark = this.#statements.get(MARK);
    for (const entry of this.#open.values()) {
      const { columns, newMarks, stored } = entry;
      columns.seen_ms = nowMs;
      if (newMarks.length > 0) columns.marks = JSON.stringify([...entry.marks]);
      const values = valuesOf(columns);
      if (stored) this.#statements.get(CHANGE).run(...values, columns.key);
      else this.#statements.get(ADD).run(...values, columns.trace_id, columns.key);
      for (const id of newMarks) mark.run(id, columns.key);
    }
    this.#clear();
  }

  /** What was not written is gone. */
  forget(): void {
    this.#clear();
    this.#lastKey = Number(this.#statements.get(LAST).get()?.["key"]);
  }

  #clear(): void {
    this.#open.clear();
    this.#last = undefined;
  }
}

function valuesOf(row: TraceColumns): (string | number)[] {
  return [
    row.seen_ms,
    row.name,
    row.resource,
    row.has_root,
    row.first_us,
    row.start_us,
    row.duration_us,
    row.spans,
    row.errors,
    row.model_calls,
    row.tokens,
    row.cost,
    row.unpriced,
    row.findings,
    row.logs,
    row.marks,
  ];
}
