import type { Client as PgClient } from "pg";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import { goodbye } from "./goodbye.ts";
import { loadPg, type Pg } from "./load-pg.ts";
import { CONNECT_MS, CONNECTION } from "./postgres-pool.ts";
import type { PostgresUrl } from "./postgres-url.ts";

const CHANNEL = /^[a-z_][a-z0-9_]{0,62}$/;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** Its types leave a method out. */
type Client = PgClient & { unref(): void };

export interface Hearing {
  listener(payload: string): void;
  /** After it did not hear for a while. */
  onReconnect(): void;
}

/**
 * Hears one channel until it is told to stop, whatever happens to the server.
 *
 * @returns Once it hears, or the first attempt has failed: ends it.
 * @throws TypeError on a bad channel; StoreUnusableError without the package `pg`.
 */
export async function listenOn(
  url: PostgresUrl,
  channel: string,
  hearing: Hearing,
): Promise<() => Promise<void>> {
  if (!CHANNEL.test(channel))
    throw new TypeError(
      `postgres: channel must be lower-case letters, digits and underscores, got ${JSON.stringify(channel)}`,
    );
  const ear = new Ear(await loadPg(url.shown), url, channel, hearing);
  await ear.connect();
  return () => ear.end();
}

class Ear {
  readonly #pg: Pg;
  readonly #url: PostgresUrl;
  readonly #channel: string;
  readonly #hearing: Hearing;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #missed = false;
  #ended = false;

  constructor(pg: Pg, url: PostgresUrl, channel: string, hearing: Hearing) {
    this.#pg = pg;
    this.#url = url;
    this.#channel = channel;
    this.#hearing = hearing;
  }

  async connect(): Promise<void> {
    const client = this.#newClient();
    this.#client = client;
    // Somebody waits for the first attempt only.
    if (this.#missed) client.unref();
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client, new Error("the connection has ended")));
    client.on("notification", ({ payload = "" }) =>
      safely("hearing a notification", () => this.#hearing.listener(payload)),
    );
    try {
      await client.connect();
      // The channel was checked; LISTEN takes no parameters.
      await client.query(`LISTEN "${this.#channel}"`);
      client.unref();
      this.#hears();
    } catch (error) {
      this.#lost(client, error);
    }
  }

  #newClient(): Client {
    const { connection: connectionString } = this.#url;
    return new this.#pg.Client({ ...CONNECTION, connectionString, query_timeout: CONNECT_MS }) as Client;
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await goodbye(client.end());
  }

  #hears(): void {
    this.#failures = 0;
    if (this.#missed && !this.#ended)
      safely("reading again after a reconnect", () => this.#hearing.onReconnect());
    this.#missed = false;
  }

  /** Said several times of one connection; the first counts. */
  #lost(client: Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    void client.end().catch(() => {});
    if (this.#ended) return;
    reportFailure(`listening on ${this.#url.shown}`, error);
    this.#missed = true;
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    // Not all processes at the same moment.
    this.#timer = setTimeout(() => void this.connect(), waitMs * (0.5 + Math.random())).unref();
  }
}
