import type { Append } from "../faults/programs/ledger-writer.ts";
import { openLedger } from "../faults/programs/open-ledger.ts";

/** Says yes when the entry is in the buffer, and writes it afterwards. */
export function ackFirstAppend(path: string): Append {
  const ledger = openLedger(path);
  return async (entry) => {
    ledger.record(entry);
    // Its turn for the timers, or nothing would ever be written.
    await new Promise((resolve) => setImmediate(resolve));
    return { seq: 0 };
  };
}
