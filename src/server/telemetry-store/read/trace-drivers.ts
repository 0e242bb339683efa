import type { Statements } from "../statements.ts";
import type { Candidate, TraceFilter } from "./trace-filter.ts";

/** So many are read and sorted; of more the index of the order is walked instead. */
const MOST = 5_000;

const COLUMNS = "t.key, t.trace_id, t.start_us, t.duration_us, t.cost, t.errors, t.findings, t.marks";

// Each finds keys by one condition of a search, from an index of its own.
const KEYS = {
  time: "SELECT key FROM traces INDEXED BY traces_newest WHERE spans > 0 AND start_us >= ? AND start_us < ?",
  failed:
    "SELECT key FROM traces INDEXED BY traces_failed WHERE errors > 0 AND start_us >= ? AND start_us < ?",
  found:
    "SELECT key FROM traces INDEXED BY traces_found WHERE findings > 0 AND start_us >= ? AND start_us < ?",
  duration: "SELECT key FROM traces INDEXED BY traces_slowest WHERE spans > 0 AND duration_us >= ?",
  cost: "SELECT key FROM traces INDEXED BY traces_dearest WHERE spans > 0 AND cost >= ?",
  marks: "SELECT trace AS key FROM trace_marks WHERE mark IN (SELECT value FROM json_each(?))",
  text: `SELECT key FROM traces WHERE trace_id >= ? AND trace_id < ?
    UNION ALL SELECT trace AS key FROM trace_marks WHERE mark IN (SELECT value FROM json_each(?))`,
} as const;

interface Driver {
  readonly kind: keyof typeof KEYS;
  readonly values: readonly (string | number)[];
}

/** All traces that one condition of the search leaves, where those are few; of several conditions that which leaves fewest. */
export function fewCandidates(
  statements: Statements,
  order: TraceOrder,
  filter: TraceFilter,
): readonly Candidate[] | undefined {
  let best: { readonly driver: Driver; readonly count: number } | undefined;
  for (const driver of driversOf(order, filter)) {
    const count = countOf(statements, driver);
    if (count <= MOST && (best === undefined || count < best.count)) best = { driver, count };
  }
  if (best === undefined) return undefined;
  const { kind, values } = best.driver;
  const sql = `SELECT ${COLUMNS} FROM (SELECT DISTINCT key FROM (${KEYS[kind]})) k CROSS JOIN traces t ON t.key = k.key WHERE t.spans > 0`;
  return statements.get(sql).all(...values) as unknown as readonly Candidate[];
}

function driversOf(order: TraceOrder, filter: TraceFilter): readonly Driver[] {
  const { fromUs, toUs, failed, findings, minCost, minDurationUs, marks, text } = filter;
  const drivers: Driver[] = [];
  // The newest are walked in the order of time as they are.
  if (order !== "newest") drivers.push({ kind: "time", values: [fromUs, toUs] });
  if (failed) drivers.push({ kind: "failed", values: [fromUs, toUs] });
  if (findings) drivers.push({ kind: "found", values: [fromUs, toUs] });
  if (minDurationUs !== undefined) drivers.push({ kind: "duration", values: [minDurationUs] });
  if (minCost !== undefined) drivers.push({ kind: "cost", values: [minCost] });
  for (const set of marks) drivers.push({ kind: "marks", values: [JSON.stringify([...set])] });
  if (text !== undefined) {
    const prefix = text.traceId;
    // No hex digit comes after "g": the ids that begin with the prefix, or none.
    const ids = prefix === undefined ? ["g", "g"] : [prefix, `${prefix}g`];
    drivers.push({ kind: "text", values: [...ids, JSON.stringify([...text.names])] });
  }
  return drivers;
}

function countOf(statements: Statements, { kind, values }: Driver): number {
  const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM (${KEYS[kind]}) LIMIT ${MOST + 1})`;
  return Number(statements.get(sql).get(...values)?.["n"]);
}

// Of each order: the column, and the index that is walked, the largest first.
const ORDERS = {
  newest: { column: "start_us", index: "traces_newest" },
  slowest: { column: "duration_us", index: "traces_slowest" },
  dearest: { column: "cost", index: "traces_dearest" },
} as const;
export type TraceOrder = keyof typeof ORDERS;

export function orderValue(trace: Candidate, order: TraceOrder): number {
  return trace[ORDERS[order].column];
}

/** Traces in an order, from a place on, which is not included. Read as far as it is asked for. */
export function walk(
  statements: Statements,
  order: TraceOrder,
  { fromUs, toUs }: TraceFilter,
  after: { readonly value: number; readonly key: number },
): Iterable<Candidate> {
  const { column, index } = ORDERS[order];
  const range = order === "newest" ? "AND t.start_us >= ? AND t.start_us < ?" : "";
  const sql = `SELECT ${COLUMNS} FROM traces t INDEXED BY ${index}
    WHERE t.spans > 0 ${range} AND t.${column} <= ? AND (t.${column} < ? OR t.key < ?)
    ORDER BY t.${column} DESC, t.key DESC`;
  const values = order === "newest" ? [fromUs, toUs] : [];
  return statements
    .get(sql)
    .iterate(...values, after.value, after.value, after.key) as unknown as Iterable<Candidate>;
}
