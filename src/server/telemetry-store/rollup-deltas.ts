import { addRow, emptyRow } from "../../health/rollup/fold-record.ts";
import { type RollupKey, type RollupRow, SLICES_MS, type SliceMs } from "../../health/rollup/rollup-row.ts";

/** The length of the finest slices, and those of the longer ones that are made from them. */
export const [FINEST_MS, ...LONGER_MS] = SLICES_MS;

/** Rows that are to be added to others: by the start of their slice, then by the text of their key. */
export type Deltas = Map<number, Map<string, RollupRow>>;

/** The row of that key in that slice, empty where there was none. */
export function deltaIn(deltas: Deltas, startMs: number, text: string, key: RollupKey): RollupRow {
  let rows = deltas.get(startMs);
  if (rows === undefined) {
    rows = new Map();
    deltas.set(startMs, rows);
  }
  let row = rows.get(text);
  if (row === undefined) {
    row = emptyRow(startMs, key);
    rows.set(text, row);
  }
  return row;
}

/** Rows of a longer slice are sums of those of the finest, so that each call is looked at once. @param untilMs Of slices that begin before. */
export function longerDeltas(deltas: Deltas, sliceMs: SliceMs, untilMs: number): Deltas {
  const longer: Deltas = new Map();
  for (const [startMs, rows] of deltas) {
    if (startMs >= untilMs) continue;
    for (const [text, row] of rows) addRow(deltaIn(longer, sliceOf(startMs, sliceMs), text, row), row);
  }
  return longer;
}

/** Where the slice begins that a moment is in. */
export function sliceOf(timeMs: number, sliceMs: number): number {
  return Math.floor(timeMs / sliceMs) * sliceMs;
}
