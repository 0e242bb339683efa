import type { RedisClient, RedisClientOptions, RedisPackage } from "./load-redis.ts";

const CONNECT_MS = 2_000;

/** What is heard, and where. */
export interface Subscription {
  readonly channel: string;
  readonly listener: (message: string) => void;
}

/** The connections to one server, which come and go together. None holds the process. */
export class RedisLink {
  readonly #url: string;
  readonly #onLost: () => void;
  readonly #clients: RedisClient[] = [];
  #closed = false;
  /** Takes commands, once it and the one that listens are connected. */
  readonly commands: Promise<RedisClient>;

  /** @param onLost Called once, when a connection that was there is no longer, unless `close` was called. */
  constructor(
    redis: Promise<RedisPackage>,
    url: string,
    subscription: Subscription | undefined,
    onLost: () => void,
  ) {
    this.#url = url;
    this.#onLost = onLost;
    this.commands = this.#connect(redis, subscription);
    // Whoever uses it is told. Nobody may.
    this.commands.catch(() => {});
  }

  close(): void {
    this.#closed = true;
    for (const client of this.#clients) end(client);
  }

  async #connect(redis: Promise<RedisPackage>, subscription: Subscription | undefined): Promise<RedisClient> {
    const loaded = await redis;
    const commands = await this.#open(loaded);
    if (subscription !== undefined) {
      // Redis takes no commands on a connection that listens.
      const ear = await this.#open(loaded);
      await ear.subscribe(subscription.channel, subscription.listener);
    }
    return commands;
  }

  async #open(redis: RedisPackage): Promise<RedisClient> {
    const client = redis.createClient(optionsFor(this.#url));
    this.#clients.push(client);
    let isThere = false;
    const gone = (): void => {
      if (!isThere || this.#closed) return;
      this.close();
      this.#onLost();
    };
    client.on("error", gone);
    client.on("end", gone);
    client.unref();
    await client.connect();
    isThere = true;
    // While it connected, there was nothing to close yet.
    if (this.#closed) end(client);
    return client;
  }
}

function optionsFor(url: string): RedisClientOptions {
  // It neither queues while it is not connected, nor connects again by itself: who uses it knows whether that is still wanted.
  const socket = { connectTimeout: CONNECT_MS, reconnectStrategy: false } as const;
  return { url, name: "agent-otel", disableOfflineQueue: true, socket };
}

function end(client: RedisClient): void {
  try {
    client.destroy();
  } catch {
    // Version 5 minds that it is closed already.
  }
}
