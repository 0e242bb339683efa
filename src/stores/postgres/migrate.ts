import { isAgentError } from "../../errors/agent-error.ts";
import { StoreTooNewError } from "../../errors/store-too-new-error.ts";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { lockStatement } from "./locks.ts";
import { MIGRATIONS, type PostgresMigration } from "./migrations.ts";
import type { Query } from "./postgres-database.ts";
import { errorText } from "./postgres-errors.ts";

const TABLE = `CREATE TABLE IF NOT EXISTS agent_otel_migrations (
  version integer PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
)`;

/** A database whose schema may be of any version. */
export interface RawDatabase {
  readonly query: Query;
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
}

/**
 * Brings the schema up to date in one transaction. Safe with several processes: who comes second finds nothing to do. Nothing is
 * written where nothing is missing, so that a user who may only read can read.
 *
 * @param shown The URL without its password.
 * @throws StoreTooNewError on a newer schema; StoreUnusableError where it cannot be read or made.
 */
export async function migrate(
  database: RawDatabase,
  shown: string,
  migrations: readonly PostgresMigration[] = MIGRATIONS,
): Promise<void> {
  const known = migrations.at(-1)?.version ?? 0;
  try {
    if (checked(await foundVersion(database.query), known, shown) === known) return;
    await database.transaction(async (query) => {
      await query(lockStatement("migrations"));
      await checkEncoding(query, shown);
      // Not asked whether it is there: an answer from before the lock may still be in the server's cache.
      await query(TABLE);
      const version = checked(await newestStep(query), known, shown);
      for (const step of migrations) if (step.version > version) await run(query, step);
    });
  } catch (error) {
    if (isAgentError(error)) throw error;
    throw new StoreUnusableError(shown, `cannot be prepared: ${errorText(error)}`, error);
  }
}

/** In another one a text with an emoji would be refused, and with it the whole group that it is written in. */
async function checkEncoding(query: Query, shown: string): Promise<void> {
  const [row] = await query("SELECT current_setting('server_encoding') AS name");
  if (row?.["name"] !== "UTF8")
    throw new StoreUnusableError(shown, `has the encoding ${row?.["name"]}; name a database with UTF8`);
}

async function run(query: Query, step: PostgresMigration): Promise<void> {
  await query(step.sql);
  await query("INSERT INTO agent_otel_migrations (version) VALUES ($1)", [step.version]);
}

async function foundVersion(query: Query): Promise<number> {
  const [table] = await query("SELECT to_regclass('agent_otel_migrations') IS NOT NULL AS there");
  return table?.["there"] === true ? newestStep(query) : 0;
}

async function newestStep(query: Query): Promise<number> {
  const [row] = await query("SELECT coalesce(max(version), 0) AS version FROM agent_otel_migrations");
  return Number(row?.["version"]);
}

function checked(version: number, known: number, shown: string): number {
  if (version > known) throw new StoreTooNewError(shown, version, known);
  return version;
}
