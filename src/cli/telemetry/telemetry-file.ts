import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { isAgentError } from "../../errors/agent-error.ts";
import { systemClock } from "../../internal/clock.ts";
import type { AgentsSources } from "../../server/sources/sources.ts";
import { Marks } from "../../server/telemetry-store/marks.ts";
import { databaseSources } from "../../server/telemetry-store/read/database-sources.ts";
import { TELEMETRY_APPLICATION_ID, TELEMETRY_MIGRATIONS } from "../../server/telemetry-store/schema.ts";
import { Statements } from "../../server/telemetry-store/statements.ts";
import { storeSettings } from "../../server/telemetry-store/store-options.ts";
import { loadSqlite } from "../../stores/sqlite/load-sqlite.ts";
import { checkSchema } from "../../stores/sqlite/migrate.ts";
import { checkDatabaseFile } from "../../stores/sqlite/private-file.ts";
import { CliError, UsageError } from "../cli-error.ts";

/** What a telemetry database tells, and traces among it. */
export type TelemetrySources = AgentsSources & Required<Pick<AgentsSources, "traces">>;

/** Milliseconds that a reader waits, where the writer has the file to itself. */
const BUSY_MS = 5_000;

/**
 * Reads the file in which `agent-otel dev` keeps telemetry, also while it runs: nothing is written, and no lease is taken.
 *
 * @param file @default ".agent-otel/telemetry.db"
 * @throws UsageError where it is no path, CliError where it is not there or cannot be read.
 */
export async function readTelemetry<T>(
  file: string | undefined,
  look: (sources: TelemetrySources, path: string) => Promise<T>,
): Promise<T> {
  const path = telemetryPath(file);
  let db: DatabaseSync | undefined;
  try {
    db = open(path);
    const statements = new Statements(db);
    return await look(databaseSources(statements, new Marks(statements), systemClock), path);
  } catch (error) {
    throw readable(error, path);
  } finally {
    db?.close();
  }
}

/** Absolute. @throws UsageError, CliError where there is no such file. */
function telemetryPath(file: string | undefined): string {
  const path = pathOf(file);
  if (existsSync(path)) return path;
  throw new CliError(
    `there is no telemetry in ${path}: no such file. "agent-otel dev" makes it when it receives something; name another one with --telemetry`,
  );
}

function pathOf(file: string | undefined): string {
  try {
    return resolve(storeSettings(file === undefined ? {} : { path: file }).path);
  } catch (error) {
    if (error instanceof TypeError)
      throw new UsageError(error.message.replace("sqlite: path", "--telemetry"));
    throw error;
  }
}

function open(path: string): DatabaseSync {
  checkDatabaseFile(path);
  const { DatabaseSync } = loadSqlite(path);
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    const lacks = checkSchema(db, path, TELEMETRY_MIGRATIONS, TELEMETRY_APPLICATION_ID);
    if (!lacks) return db;
    throw new CliError(
      `${path} was written by an older agent-otel, or holds nothing yet: start "agent-otel dev" on it once`,
    );
  } catch (error) {
    db.close();
    throw error;
  }
}

function readable(error: unknown, path: string): unknown {
  if (error instanceof CliError) return error;
  if (isAgentError(error)) return new CliError(error.message, { cause: error });
  // What a database says has a code; a mistake of ours has none.
  if (error instanceof Error && "code" in error)
    return new CliError(`cannot read the telemetry in ${path}: ${error.message}`, { cause: error });
  return error;
}
