import type { SQLInputValue } from "node:sqlite";
import type { Ledger } from "../ledger/ledger.ts";
import { checkLedgerOptions, type LedgerOptions } from "../ledger/ledger-options.ts";
import { ledgerWriter } from "../ledger/ledger-writer.ts";
import { type RunStatement, sqlLedgerReader } from "../sql/sql-ledger-reader.ts";
import { databasePath } from "./database-path.ts";
import { SqliteFile } from "./sqlite-file.ts";
import { sqliteLedgerDriver } from "./sqlite-ledger-driver.ts";

export interface SqliteLedgerOptions extends LedgerOptions {
  /** The file; wins over AGENT_OTEL_DB. Made on the first write. @default ".agent-otel/agent-otel.db" */
  readonly path?: string;
}

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
    ...sqlLedgerReader("sqlite", runOn(file)),
  };
}

function runOn(file: SqliteFile): RunStatement {
  return async ({ sql, parameters }) =>
    file
      .forReading()
      ?.prepare(sql)
      .all(...(parameters as readonly SQLInputValue[]));
}
