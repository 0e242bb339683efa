import { existsSync } from "node:fs";
import { isAgentError } from "../../../errors/agent-error.ts";
import { type UsageTotals, usageTotals } from "../../../spend/usage-totals.ts";
import { postgresStore } from "../../../stores/postgres/postgres-store.ts";
import { databasePath } from "../../../stores/sqlite/database-path.ts";
import { sqliteStore } from "../../../stores/sqlite/sqlite-store.ts";
import type { Store } from "../../../stores/store.ts";
import { CliError, UsageError } from "../../cli-error.ts";

const POSTGRES = /^postgres(?:ql)?:/;
/** What is shown is what others counted. */
const NO_CALLS = { subscribe: () => () => {} };

/**
 * A store with usage to look at. Nothing is made where there is none.
 *
 * @param db As it stands on the command line; AGENT_OTEL_DB comes next, then the default file.
 * @throws UsageError where it names nothing that can be opened, CliError where the file is not there.
 */
export function findUsage(db: string | undefined, env: NodeJS.ProcessEnv = process.env): Store {
  const named = db ?? env["AGENT_OTEL_DB"]?.trim();
  try {
    if (named !== undefined && POSTGRES.test(named)) return postgresStore(named);
    const path = databasePath(db, env);
    if (existsSync(path)) return sqliteStore(path);
    throw new CliError(
      `there is no usage in ${path}: no such file. It is made on the first write; name another one with --db or AGENT_OTEL_DB`,
    );
  } catch (error) {
    if (error instanceof TypeError)
      throw new UsageError(error.message.replace(/^(sqlite: path|postgres: url)/, "--db"));
    throw error;
  }
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
    if (error instanceof CliError) throw error;
    if (isAgentError(error)) throw new CliError(error.message, { cause: error });
    // What a database says has a code; a mistake of ours has none.
    if (error instanceof Error && "code" in error)
      throw new CliError(`cannot read the usage in ${store.name}: ${error.message}`, { cause: error });
    throw error;
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
