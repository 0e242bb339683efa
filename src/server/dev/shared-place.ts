import { existsSync } from "node:fs";
import { reportFailure } from "../../internal/warn-once.ts";
import type { Ledger } from "../../stores/ledger/ledger.ts";
import { postgresLedger } from "../../stores/postgres/postgres-ledger.ts";
import { postgresStore } from "../../stores/postgres/postgres-store.ts";
import { postgresUrl } from "../../stores/postgres/postgres-url.ts";
import { redisStore } from "../../stores/redis/redis-store.ts";
import { databasePath } from "../../stores/sqlite/database-path.ts";
import { sqliteLedger } from "../../stores/sqlite/sqlite-ledger.ts";
import { sqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import type { Store } from "../../stores/store.ts";

export interface SharedPlaceOptions {
  /** A file, or the URL of PostgreSQL. @default AGENT_OTEL_DB, else `.agent-otel/agent-otel.db` */
  readonly db?: string | undefined;
  /** The URL of Redis, where the breakers of the application are shared there. */
  readonly redis?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

const POSTGRES = /^postgres(?:ql)?:/;

/** What the application shares with other processes: looked for anew each time, since it may begin to after this was started. */
export class SharedPlace {
  /** As it may be shown: no password in it. */
  readonly name: string;
  readonly #isFile: boolean;
  readonly #isThere: () => boolean;
  readonly #open: () => { readonly store: Store; readonly ledger: Ledger };
  readonly #redis: Store | undefined;
  #opened: { readonly store: Store; readonly ledger: Ledger } | undefined;

  /** @throws TypeError on what is neither a path nor a URL. Nothing is made, and nothing asked for. */
  constructor({ db, redis, env = process.env }: SharedPlaceOptions) {
    const named = db ?? env["AGENT_OTEL_DB"]?.trim();
    if (named !== undefined && POSTGRES.test(named)) {
      this.name = postgresUrl(named).shown;
      this.#isFile = false;
      this.#isThere = () => true;
      this.#open = () => ({ store: postgresStore(named), ledger: postgresLedger({ url: named }) });
    } else {
      const path = databasePath(db, env);
      this.name = path;
      this.#isFile = true;
      this.#isThere = () => existsSync(path);
      this.#open = () => ({ store: sqliteStore(path), ledger: sqliteLedger({ path }) });
    }
    this.#redis = redis === undefined ? undefined : redisStore(redis);
  }

  /** `undefined`: the application has none, or not yet. */
  get store(): Store | undefined {
    return this.#get()?.store;
  }

  get ledger(): Ledger | undefined {
    return this.#get()?.ledger;
  }

  /** Where breakers are shared. */
  get breakers(): Store["breakers"] | undefined {
    return (this.#redis ?? this.store)?.breakers;
  }

  /**
   * Looks whether what is there can be read, so that nobody finds out by an answer that never comes.
   *
   * @throws StoreTooNewError, StoreUnusableError of a file. A server that does not answer is reported: it may come back.
   */
  async check(): Promise<void> {
    try {
      await this.store?.deadLetters?.queues();
    } catch (error) {
      if (!this.#isFile) return reportFailure(`asking ${this.name}`, error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#redis?.close();
    await this.#opened?.ledger.close();
    await this.#opened?.store.close();
  }

  #get(): { readonly store: Store; readonly ledger: Ledger } | undefined {
    if (this.#opened === undefined && this.#isThere()) this.#opened = this.#open();
    return this.#opened;
  }
}
