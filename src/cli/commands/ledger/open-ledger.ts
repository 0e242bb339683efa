import { existsSync } from "node:fs";
import { isAgentError } from "../../../errors/agent-error.ts";
import type { Ledger } from "../../../stores/ledger/ledger.ts";
import { postgresLedger } from "../../../stores/postgres/postgres-ledger.ts";
import { postgresUrl } from "../../../stores/postgres/postgres-url.ts";
import { databasePath } from "../../../stores/sqlite/database-path.ts";
import { sqliteLedger } from "../../../stores/sqlite/sqlite-ledger.ts";
import { CliError, UsageError } from "../../cli-error.ts";

const POSTGRES = /^postgres(?:ql)?:/;

/** A ledger to look at. Nothing is made where there is none. */
export interface FoundLedger {
  readonly ledger: Ledger;
  /** The file, or the server without its password. */
  readonly place: string;
}

/**
 * @param db As it stands on the command line; AGENT_OTEL_DB comes next, then the default file.
 * @throws UsageError where it names nothing that can be opened, CliError where the file is not there.
 */
export function findLedger(db: string | undefined, env: NodeJS.ProcessEnv = process.env): FoundLedger {
  const named = db ?? env["AGENT_OTEL_DB"]?.trim();
  try {
    if (named !== undefined && POSTGRES.test(named)) return onServer(named);
    return inFile(databasePath(db, env));
  } catch (error) {
    if (error instanceof TypeError)
      throw new UsageError(error.message.replace(/^(sqlite: path|postgres: url)/, "--db"));
    throw error;
  }
}

/** Runs `look`, closes the ledger, and makes what the store throws readable. */
export async function lookInto<T>(
  { ledger, place }: FoundLedger,
  look: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  try {
    return await look(ledger);
  } catch (error) {
    if (isAgentError(error)) throw new CliError(error.message, { cause: error });
    // What a database says has a code; a mistake of ours has none.
    if (error instanceof Error && "code" in error)
      throw new CliError(`cannot read the ledger in ${place}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await ledger.close();
  }
}

function onServer(url: string): FoundLedger {
  return { ledger: postgresLedger({ url }), place: postgresUrl(url).shown };
}

function inFile(path: string): FoundLedger {
  if (!existsSync(path))
    throw new CliError(
      `there is no ledger in ${path}: no such file. It is made on the first write; name another one with --db or AGENT_OTEL_DB`,
    );
  return { ledger: sqliteLedger({ path }), place: path };
}
