import type { PoolClient, QueryConfig, QueryResult } from "pg";
import { listenOn } from "./listen.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS, type PostgresMigration } from "./migrations.ts";
import { isServerError } from "./postgres-errors.ts";
import { PostgresPool } from "./postgres-pool.ts";
import { type PostgresUrl, postgresUrl } from "./postgres-url.ts";

export type PostgresRow = Readonly<Record<string, unknown>>;

/** Runs one statement. Values are bound as `$1`, `$2`…; a bigint of the server comes back as a string. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly PostgresRow[]>;

/** The longest statement of a transaction. */
const STATEMENT_MS = 10_000;
/** The longest pause in one: a program that stops there holds locks that others wait for. */
const PAUSE_MS = 5_000;
/** How long the client waits for such a statement: longer than the server, unless it hangs. */
const ANSWER_MS = STATEMENT_MS + 2_000;
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED;
  SET LOCAL statement_timeout = ${STATEMENT_MS};
  SET LOCAL idle_in_transaction_session_timeout = ${PAUSE_MS}`;

/**
 * One PostgreSQL server, connected to when first used, with the tables of this package in its default schema.
 *
 * Every method but `listen` and `close` brings the schema up to date first.
 */
export class PostgresDatabase {
  readonly #url: PostgresUrl;
  readonly #migrations: readonly PostgresMigration[];
  readonly #pool: PostgresPool;
  readonly #listening = new Set<() => Promise<void>>();
  #ready: Promise<void> | undefined;

  /** @throws TypeError where it is no URL of PostgreSQL. */
  constructor(url: string, migrations: readonly PostgresMigration[] = MIGRATIONS) {
    this.#url = postgresUrl(url);
    this.#migrations = migrations;
    this.#pool = new PostgresPool(this.#url);
  }

  /** The URL without its password. */
  get shown(): string {
    return this.#url.shown;
  }

  /** @throws StoreUnusableError, StoreTooNewError; the error of `pg` where the server refuses the statement. */
  async query(sql: string, values: readonly unknown[] = []): Promise<readonly PostgresRow[]> {
    await this.#migrated();
    return this.#query(sql, values);
  }

  /**
   * All or nothing, at READ COMMITTED: a statement after a lock sees what its last holder has committed.
   *
   * @throws as `query`, and what `work` throws. A COMMIT whose answer is lost throws as well, and may have done it.
   */
  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    await this.#migrated();
    return this.#transaction(work);
  }

  /** Whether nothing was ever written. Makes no tables. @throws as `query`. */
  async isEmpty(): Promise<boolean> {
    const [row] = await this.#query("SELECT to_regclass('agent_otel_migrations') IS NULL AS empty", []);
    return row?.["empty"] === true;
  }

  /**
   * Hears what `pg_notify(channel, payload)` says, on a connection of its own that does not hold the process. It is made again, with
   * back-off, when it breaks or could not be made; what was said meanwhile is lost.
   *
   * @param channel Lower-case letters, digits and underscores.
   * @param onReconnect Called when it hears again after it did not: the time to read what may have been missed.
   * @returns Once it hears, or the first attempt has failed: ends it.
   * @throws TypeError on another channel; StoreUnusableError without the package `pg`.
   */
  async listen(
    channel: string,
    listener: (payload: string) => void,
    onReconnect: () => void = () => {},
  ): Promise<() => Promise<void>> {
    const end = await listenOn(this.#url, channel, { listener, onReconnect });
    const stop = () => {
      this.#listening.delete(stop);
      return end();
    };
    this.#listening.add(stop);
    return stop;
  }

  /** Waits for what is being asked. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all([...this.#listening].map((stop) => stop()));
    await this.#pool.close();
  }

  async #migrated(): Promise<void> {
    const raw = {
      query: (sql: string, values: readonly unknown[] = []) => this.#query(sql, values),
      transaction: <T>(work: (query: Query) => Promise<T>) => this.#transaction(work),
    };
    this.#ready ??= migrate(raw, this.shown, this.#migrations);
    try {
      await this.#ready;
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }

  #query(sql: string, values: readonly unknown[]): Promise<readonly PostgresRow[]> {
    return this.#using(async (client) => (await client.query<PostgresRow>(sql, [...values])).rows);
  }

  #transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#using(async (client) => {
      const query: Query = async (text, values = []) => (await ask(client, text, values)).rows;
      await query(BEGIN);
      try {
        const result = await work(query);
        await commit(client);
        return result;
      } catch (error) {
        await rollBack(client, error);
        throw error;
      }
    });
  }

  async #using<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(!isServerError(error));
      throw error;
    }
  }
}

function ask(
  client: PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<QueryResult<PostgresRow>> {
  // The types leave the timeout out.
  const config: QueryConfig & { query_timeout: number } = { text, query_timeout: ANSWER_MS };
  return client.query<PostgresRow>({ ...config, values: [...values] });
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await ask(client, "COMMIT");
  // The server ends a failed transaction with this word, and without an error.
  if (command !== "COMMIT") throw new Error("a statement of the transaction had failed; nothing was written");
}

/** A transaction on a broken connection ends with it. */
async function rollBack(client: PoolClient, because: unknown): Promise<void> {
  if (!isServerError(because)) return;
  try {
    await ask(client, "ROLLBACK");
  } catch {
    // The server has ended the connection. The pool sees that too.
  }
}
