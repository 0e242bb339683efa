import { afterEach, beforeEach } from "vitest";
import { type CallRecord, onCall } from "../../src/index.ts";

/** The records of each test of the file, those made while their span ends included. */
export function watchRecords(): CallRecord[] {
  const records: CallRecord[] = [];
  let stop = (): void => {};
  beforeEach(() => {
    records.length = 0;
    stop = onCall((record) => void records.push(record));
  });
  afterEach(() => stop());
  return records;
}
