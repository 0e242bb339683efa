import { addRecord, emptyRow, keyOfRecord, keyText } from "../../src/health/rollup/fold-record.ts";
import type { RollupRow } from "../../src/health/rollup/rollup-row.ts";
import type { CallRecord } from "../../src/telemetry/call-record.ts";

/** All records in one slice. */
export function rowsOf(records: readonly CallRecord[], startMs = 0): readonly RollupRow[] {
  const rows = new Map<string, RollupRow>();
  for (const record of records) {
    const key = keyOfRecord(record);
    const text = keyText(key);
    let row = rows.get(text);
    if (row === undefined) {
      row = emptyRow(startMs, key);
      rows.set(text, row);
    }
    addRecord(row, record);
  }
  return [...rows.values()];
}
