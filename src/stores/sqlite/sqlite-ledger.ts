import { setImmediate as turn } from "node:timers/promises";
import { EMPTY_HEAD } from "../ledger/chain.ts";
import type { Ledger, LedgerHead, LedgerVerdict } from "../ledger/ledger.ts";
import { checkLedgerOptions, type LedgerOptions } from "../ledger/ledger-options.ts";
import { ledgerWriter } from "../ledger/ledger-writer.ts";
import { ChainCheck } from "../ledger/verify-chain.ts";
import { databasePath } from "./database-path.ts";
import { LOWEST_SEQ, readHead, readRows, readSummary, storedRows } from "./ledger-sql.ts";
import { SqliteFile } from "./sqlite-file.ts";
import { sqliteLedgerDriver } from "./sqlite-ledger-driver.ts";

export interface SqliteLedgerOptions extends LedgerOptions {
  /** The file; wins over AGENT_OTEL_DB. Made on the first write. @default ".agent-otel/agent-otel.db" */
  readonly path?: string;
}

/** Rows that are verified before others get a turn. */
const PAGE = 500;

/**
 * The audit ledger in one SQLite file, which several processes may share.
 *
 * @throws TypeError or RangeError on a bad option. The file is looked at when it is first used.
 */
export function sqliteLedger(options: SqliteLedgerOptions = {}): Ledger {
  const checked = checkLedgerOptions(options);
  const file = new SqliteFile(databasePath(options.path));
  return {
    ...ledgerWriter(sqliteLedgerDriver(file), checked, () => file.close()),
    read: async (query = {}) => readRows(file.forReading(), query),
    summary: async () => readSummary(file.forReading()),
    head: async () => headOf(file),
    verify: ({ anchor } = {}) => verify(file, anchor),
  };
}

function headOf(file: SqliteFile): LedgerHead {
  const db = file.forReading();
  return db === undefined ? EMPTY_HEAD : readHead(db);
}

async function verify(file: SqliteFile, anchor: LedgerHead | undefined): Promise<LedgerVerdict> {
  const check = new ChainCheck(anchor);
  let from = LOWEST_SEQ;
  for (;;) {
    const db = file.forReading();
    const page = db === undefined ? [] : storedRows(db, from, PAGE);
    if (!page.every((row) => check.take(row)) || page.length < PAGE) return check.verdict();
    from = page[PAGE - 1]!.seq + 1n;
    await turn();
  }
}
