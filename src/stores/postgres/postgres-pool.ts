import type { Pool, PoolClient } from "pg";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { goodbye } from "./goodbye.ts";
import { loadPg } from "./load-pg.ts";
import { errorText } from "./postgres-errors.ts";
import type { PostgresUrl } from "./postgres-url.ts";

const MAX_CONNECTIONS = 4;
export const CONNECT_MS = 5_000;
/** How long an answer is waited for where nothing else is said. Its connection is given up then. */
const ANSWER_MS = 35_000;
/** The type of a bigint. */
const INT8 = 20;

/**
 * Options of a connection. Timeouts of the server are not among them: poolers between us and it refuse them as parameters of the
 * connection.
 */
export const CONNECTION = {
  application_name: "agent-otel",
  keepAlive: true,
  connectionTimeoutMillis: CONNECT_MS,
} as const;

/** A few connections to one server, made when first used. A program may end while they are open and idle. */
export class PostgresPool {
  readonly #url: PostgresUrl;
  #pool: Promise<Pool> | undefined;
  #closed: Promise<void> | undefined;

  constructor(url: PostgresUrl) {
    this.#url = url;
  }

  /** @throws StoreUnusableError where the server cannot be reached. */
  async connect(): Promise<PoolClient> {
    const { shown } = this.#url;
    if (this.#closed !== undefined) throw new StoreUnusableError(shown, "is closed");
    const pool = await this.#opened();
    try {
      return await pool.connect();
    } catch (error) {
      throw new StoreUnusableError(shown, `cannot be reached: ${errorText(error)}`, error);
    }
  }

  /** Waits for the connections that are in use. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #opened(): Promise<Pool> {
    this.#pool ??= this.#open();
    try {
      return await this.#pool;
    } catch (error) {
      // The package may be installed by the next time.
      this.#pool = undefined;
      throw error;
    }
  }

  async #open(): Promise<Pool> {
    const { Pool, types } = await loadPg(this.#url.shown);
    const pool = new Pool({
      ...CONNECTION,
      connectionString: this.#url.connection,
      max: MAX_CONNECTIONS,
      query_timeout: ANSWER_MS,
      allowExitOnIdle: true,
      // A program may have told the whole package to read it as a number.
      types: { getTypeParser: (id, format) => (id === INT8 ? String : types.getTypeParser(id, format)) },
    });
    // A connection that breaks while nobody asks it is replaced when somebody does. Without a listener it would end the process.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  }

  async #end(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined);
    if (pool !== undefined) await goodbye(pool.end());
  }
}
