import { type UsageTotals, usageTotals } from "../../../spend/usage-totals.ts";
import { postgresStore } from "../../../stores/postgres/postgres-store.ts";
import { sqliteStore } from "../../../stores/sqlite/sqlite-store.ts";
import type { Store } from "../../../stores/store.ts";
import { UsageError } from "../../cli-error.ts";
import { type Openers, openDatabaseOf, readableError } from "../../database.ts";

/** What is shown is what others counted. */
const NO_CALLS = { subscribe: () => () => {} };

const STORES: Openers<Store> = { what: "usage", onServer: postgresStore, inFile: sqliteStore };

/** A store with usage to look at. @throws as `openDatabaseOf`. */
export function findUsage(db: string | undefined, env: NodeJS.ProcessEnv = process.env): Store {
  return openDatabaseOf(db, STORES, env);
}

/** Runs `look`, closes the store, and makes what it throws readable. */
export async function lookInto<T>(
  store: Store,
  timeZone: string,
  look: (totals: UsageTotals) => Promise<T>,
): Promise<T> {
  let totals: UsageTotals | undefined;
  try {
    totals = totalsOf(store, timeZone);
    return await look(totals);
  } catch (error) {
    throw readableError(error, STORES.what, store.name);
  } finally {
    await totals?.close();
    await store.close();
  }
}

function totalsOf(store: Store, timeZone: string): UsageTotals {
  try {
    return usageTotals({ store, timeZone, calls: NO_CALLS });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message.replace(/^timeZone/, "--time-zone"));
    throw error;
  }
}
