import { addRow, emptyRow } from "../../../health/rollup/fold-record.ts";
import type { RollupKey, RollupRange, RollupRow, RollupSource } from "../../../health/rollup/rollup-row.ts";
import { BoundedMap } from "../bounded-map.ts";
import { readRollupKey, storedRollup } from "../rollup-columns.ts";
import { FINEST_MS, sliceOf } from "../rollup-deltas.ts";
import type { Statements } from "../statements.ts";

const ROWS =
  "SELECT start_ms, key, sums, durations FROM rollups WHERE slice = ? AND start_ms >= ? AND start_ms < ?";
const KEY = "SELECT key FROM rollup_keys WHERE id = ?";
const FOLDED = "SELECT folded_until_ms FROM rollup_state WHERE id = 1";
const REMEMBERED = 10_000;

export function rollupSource(statements: Statements): RollupSource {
  const keys = new BoundedMap<number, RollupKey>(REMEMBERED);
  const keyOf = (id: number): RollupKey => {
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = readRollupKey(String(statements.get(KEY).get(id)?.["key"] ?? "[]"));
    keys.set(id, key);
    return key;
  };
  const stored = (sliceMs: number, from: number, to: number): RollupRow[] =>
    statements
      .get(ROWS)
      .all(sliceMs, from, to)
      .map((row) => storedRollup(row, keyOf(Number(row["key"]))));
  return {
    async rows({ fromMs, toMs, sliceMs }: RollupRange): Promise<readonly RollupRow[]> {
      const from = sliceOf(fromMs, sliceMs);
      const to = Math.ceil(toMs / sliceMs) * sliceMs;
      const rows = stored(sliceMs, from, to);
      if (sliceMs === FINEST_MS) return rows;
      // The last seconds are not in the longer slices yet.
      const folded = statements.get(FOLDED).get()?.["folded_until_ms"];
      if (folded === undefined || Number(folded) >= to) return rows;
      const rest = stored(FINEST_MS, Math.max(from, Number(folded)), to);
      return [...rows, ...rest.map((row) => moved(row, sliceOf(row.startMs, sliceMs)))];
    },
  };
}

function moved(row: RollupRow, startMs: number): RollupRow {
  const copy = emptyRow(startMs, row);
  addRow(copy, row);
  return copy;
}
