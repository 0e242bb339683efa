// Appends to one ledger until it is done or killed. Each number that `append` has promised is written outside the ledger, to a file of
// acknowledgements. Arguments: database (a file, or a URL), that file, number of the process, rows (0: without end), kind: `ledger`, or a naive one.
import { openSync, writeSync } from "node:fs";
import type { LedgerRow } from "../../../src/stores/ledger/ledger.ts";
import { ackFirstAppend } from "../../naive/ledger-ack-first.ts";
import { checkThenInsertAppend } from "../../naive/ledger-check-then-insert.ts";
import { openLedger } from "./open-ledger.ts";

/** How many are appended at a time. */
const BURST = 400;

export interface WriterEntry {
  readonly kind: string;
  readonly subject: string;
  readonly payload: { readonly id: string };
}
export type Append = (entry: WriterEntry) => Promise<Pick<LedgerRow, "seq"> | undefined>;

if (import.meta.main) {
  const [path = "", ackFile = "", number = "", most = "0", kind = "ledger"] = process.argv.slice(2);
  const acks = openSync(ackFile, "a");
  const append = appendOf(kind, path);
  writeSync(1, "loaded\n");
  const errors = await write(append, number, Number(most) || Number.POSITIVE_INFINITY, acks);
  writeSync(1, `${JSON.stringify({ errors })}\n`);
}

function appendOf(kind: string, path: string): Append {
  if (kind === "check-then-insert") return checkThenInsertAppend(path);
  if (kind === "ack-first") return ackFirstAppend(path);
  const ledger = openLedger(path, { policy: "fail_closed", groupMs: 2 });
  return (entry) => ledger.append(entry);
}

async function write(append: Append, number: string, most: number, acks: number): Promise<readonly string[]> {
  const errors: string[] = [];
  let said = false;
  for (let first = 0; first < most; first += BURST) {
    const ids = Array.from({ length: Math.min(BURST, most - first) }, (_, i) => `${number}-${first + i}`);
    await Promise.all(
      ids.map(async (id) => {
        try {
          const row = await append({ kind: "failure", subject: `writer ${number}`, payload: { id } });
          if (row === undefined) return;
          writeSync(acks, `${row.seq} ${id}\n`);
          if (!said) writeSync(1, "acknowledged\n");
          said = true;
        } catch (error) {
          errors.push(error instanceof Error ? error.message : String(error));
        }
      }),
    );
  }
  return errors;
}
