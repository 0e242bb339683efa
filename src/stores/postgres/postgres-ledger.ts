import type { Ledger } from "../ledger/ledger.ts";
import { checkLedgerOptions, type LedgerOptions } from "../ledger/ledger-options.ts";
import { ledgerWriter } from "../ledger/ledger-writer.ts";
import { type RunStatement, sqlLedgerReader } from "../sql/sql-ledger-reader.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { postgresLedgerDriver } from "./postgres-ledger-driver.ts";

export interface PostgresLedgerOptions extends LedgerOptions {
  /** `postgres://user:password@host:5432/database`. Its tables are made on the first write, in the default schema of the user. */
  readonly url: string;
}

/**
 * The audit ledger in PostgreSQL 15 or later, which processes on several machines may share. Needs the package `pg`.
 *
 * What `record` was given and is not written yet is written when the program ends by itself; before `process.exit`, await `close`.
 *
 * @throws TypeError or RangeError on a bad option. The server is connected to when it is first used.
 */
export function postgresLedger(options: PostgresLedgerOptions): Ledger {
  const checked = checkLedgerOptions(options);
  const database = new PostgresDatabase(options.url);
  return {
    ...ledgerWriter(postgresLedgerDriver(database), checked, () => database.close()),
    ...sqlLedgerReader("postgres", runOn(database)),
  };
}

/** Reading makes no tables. */
function runOn(database: PostgresDatabase): RunStatement {
  let empty = true;
  return async ({ sql, parameters }) => {
    empty &&= await database.isEmpty();
    return empty ? undefined : database.query(sql, parameters);
  };
}
