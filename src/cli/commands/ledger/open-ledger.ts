import type { Ledger } from "../../../stores/ledger/ledger.ts";
import { postgresLedger } from "../../../stores/postgres/postgres-ledger.ts";
import { postgresUrl } from "../../../stores/postgres/postgres-url.ts";
import { sqliteLedger } from "../../../stores/sqlite/sqlite-ledger.ts";
import { type Openers, openDatabaseOf, readableError } from "../../database.ts";

/** A ledger to look at. */
export interface FoundLedger {
  readonly ledger: Ledger;
  /** The file, or the server without its password. */
  readonly place: string;
}

const LEDGERS: Openers<FoundLedger> = {
  what: "ledger",
  onServer: (url) => ({ ledger: postgresLedger({ url }), place: postgresUrl(url).shown }),
  inFile: (path) => ({ ledger: sqliteLedger({ path }), place: path }),
};

/** @throws as `openDatabaseOf`. */
export function findLedger(db: string | undefined, env: NodeJS.ProcessEnv = process.env): FoundLedger {
  return openDatabaseOf(db, LEDGERS, env);
}

/** Runs `look`, closes the ledger, and makes what the store throws readable. */
export async function lookInto<T>(
  { ledger, place }: FoundLedger,
  look: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  try {
    return await look(ledger);
  } catch (error) {
    throw readableError(error, LEDGERS.what, place);
  } finally {
    await ledger.close();
  }
}
