import { existsSync } from "node:fs";
import { isAgentError } from "../errors/agent-error.ts";
import { databasePath } from "../stores/sqlite/database-path.ts";
import { CliError, UsageError } from "./cli-error.ts";

const POSTGRES = /^postgres(?:ql)?:/;

/** How to look at a database of either kind. */
export interface Openers<T> {
  /** What is looked for, as "ledger". */
  readonly what: string;
  readonly onServer: (url: string) => T;
  readonly inFile: (path: string) => T;
}

/**
 * Opens what `--db` names; AGENT_OTEL_DB comes next, then the default file. Nothing is made where there is none.
 *
 * @throws UsageError where it names nothing that can be opened, CliError where the file is not there.
 */
export function openDatabaseOf<T>(
  db: string | undefined,
  { what, onServer, inFile }: Openers<T>,
  env: NodeJS.ProcessEnv,
): T {
  const named = db ?? env["AGENT_OTEL_DB"]?.trim();
  try {
    if (named !== undefined && POSTGRES.test(named)) return onServer(named);
    const path = databasePath(db, env);
    if (existsSync(path)) return inFile(path);
    throw new CliError(
      `there is no ${what} in ${path}: no such file. It is made on the first write; name another one with --db or AGENT_OTEL_DB`,
    );
  } catch (error) {
    if (error instanceof TypeError)
      throw new UsageError(error.message.replace(/^(sqlite: path|postgres: url)/, "--db"));
    throw error;
  }
}

/** What a database said, as a user reads it; a mistake of ours as it is. */
export function readableError(error: unknown, what: string, place: string): unknown {
  if (error instanceof CliError) return error;
  if (isAgentError(error)) return new CliError(error.message, { cause: error });
  // What a database says has a code; a mistake of ours has none.
  if (error instanceof Error && "code" in error)
    return new CliError(`cannot read the ${what} in ${place}: ${error.message}`, { cause: error });
  return error;
}
