import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { loadRedis, type RedisClient, type RedisPackage } from "../../src/stores/redis/load-redis.ts";
import { RedisConnection } from "../../src/stores/redis/redis-connection.ts";
import { redisStore } from "../../src/stores/redis/redis-store.ts";
import { redisUrl } from "../../src/stores/redis/redis-url.ts";
import { ManualTimers } from "./ledger/manual-timers.ts";

const URL_OF_A_SERVER = redisUrl("redis://jane:hunter2@redis.example:6380/3");

/** A client that does what a test tells it to. */
class FakeClient implements RedisClient {
  destroyed = 0;
  unrefed = false;
  readonly listeners: ((error?: unknown) => void)[] = [];
  readonly channels: string[] = [];
  readonly isReady = true;
  readonly #connected: Promise<unknown>;

  constructor(connected: Promise<unknown>) {
    this.#connected = connected;
  }

  on(_: "error" | "end", listener: (error?: unknown) => void): void {
    this.listeners.push(listener);
  }

  connect(): Promise<unknown> {
    return this.#connected;
  }

  destroy(): void {
    this.destroyed += 1;
    this.lose();
    if (this.destroyed > 1) throw new Error("The client is closed");
  }

  unref(): void {
    this.unrefed = true;
  }

  async eval(): Promise<unknown> {
    return "done";
  }

  async subscribe(channel: string): Promise<void> {
    this.channels.push(channel);
  }

  lose(): void {
    for (const listener of this.listeners) listener(new Error("Socket closed unexpectedly"));
  }
}

function fakeRedis(connected: () => Promise<unknown> = async () => {}) {
  const clients: FakeClient[] = [];
  const redis: RedisPackage = {
    createClient: () => {
      const client = new FakeClient(connected());
      clients.push(client);
      return client;
    },
  };
  const time = new ManualTimers();
  const connection = new RedisConnection(URL_OF_A_SERVER, async () => redis, time.after);
  return { clients, connection, time };
}

const ask = (client: RedisClient) => client.eval("return 1", { keys: [], arguments: [] });

describe("the URL of a Redis server", () => {
  it.each([
    ["redis://jane:hunter2@redis.example:6380/3", "redis://jane@redis.example:6380/3"],
    ["rediss://:hunter2@redis.example", "rediss://redis.example"],
    ["redis://redis.example:6380?password=hunter2", "redis://redis.example:6380"],
  ])("is shown without its password: %s", (url, shown) => {
    expect(redisStore(url).name).toBe(shown);
  });

  it.each([
    "redis.example:6379/hunter2",
    "postgres://jane:hunter2@redis.example",
    "redis://jane:hunter2/x@redis.example",
    "redis://jane:17/hunter2@redis.example",
    "redis://:hunter2",
    "hunter2",
    "",
    undefined,
    17,
  ])("is refused at once where it is none, without being repeated: %j", (url) => {
    const message = messageOf(() => redisStore(url as string));
    expect(message).toMatch(/^redis: url must /);
    expect(message).not.toContain("hunter2");
  });
});

describe("a connection to Redis", () => {
  it("names the package that is missing", async () => {
    const missing = new Error("Cannot find package 'redis'");
    const connection = new RedisConnection(URL_OF_A_SERVER, (shown) =>
      loadRedis(shown, () => Promise.reject(missing)),
    );
    await expect(connection.use(ask)).rejects.toMatchObject({
      code: "store_unusable",
      message: 'Store "redis://jane@redis.example:6380/3" needs the package "redis": npm install redis',
      cause: missing,
    });
  });

  it("is made once for many requests, and holds no process", async () => {
    const { clients, connection } = fakeRedis();
    await Promise.all([connection.use(ask), connection.use(ask)]);
    await connection.use(ask);
    expect(clients.map(({ unrefed }) => unrefed)).toEqual([true]);
  });

  it("listens on a connection of its own, before the first request is answered", async () => {
    const { clients, connection } = fakeRedis();
    connection.hear({ channel: "news", listener: () => {}, missed: () => {} });
    await connection.use(ask);
    expect(clients.map(({ channels }) => channels)).toEqual([[], ["news"]]);
  });

  it("is closed after a request that failed, and made anew for the next", async () => {
    const { clients, connection } = fakeRedis();
    const readOnly = new Error("READONLY You can't write against a read only replica.");
    await expect(connection.use(() => Promise.reject(readOnly))).rejects.toBe(readOnly);
    expect(clients.map(({ destroyed }) => destroyed)).toEqual([1]);
    expect(await connection.use(ask)).toBe("done");
    expect(clients).toHaveLength(2);
  });

  it("waits three seconds for an answer, and is closed then", async () => {
    const { clients, connection, time } = fakeRedis();
    const asked = connection.use(() => new Promise(() => {}));
    const failed = expect(asked).rejects.toThrow("no answer within 3000 ms");
    await turn();
    time.advance(3_000);
    await failed;
    expect(clients[0]?.destroyed).toBe(1);
  });

  it("is closed when it comes about too late", async () => {
    const late = Promise.withResolvers<void>();
    const { clients, connection, time } = fakeRedis(() => late.promise);
    const failed = expect(connection.use(ask)).rejects.toThrow("no answer within 3000 ms");
    await turn();
    time.advance(3_000);
    await failed;
    late.resolve();
    await turn();
    expect(clients[0]?.destroyed).toBe(2);
  });

  it("says that messages may have been missed when it is lost, once", async () => {
    const { clients, connection } = fakeRedis();
    let missed = 0;
    connection.hear({
      channel: "news",
      listener: () => {},
      missed: () => {
        missed += 1;
      },
    });
    await connection.use(ask);
    for (const client of clients) client.lose();
    expect(missed).toBe(1);
    await connection.use(ask);
    expect(clients).toHaveLength(4);
  });

  it("says nothing of the kind when it is closed", async () => {
    const { connection } = fakeRedis();
    let missed = 0;
    connection.hear({
      channel: "news",
      listener: () => {},
      missed: () => {
        missed += 1;
      },
    });
    await connection.use(ask);
    connection.close();
    connection.close();
    expect(missed).toBe(0);
    await expect(connection.use(ask)).rejects.toThrow("is closed");
  });
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof TypeError) return error.message;
  }
  throw new Error("it threw no TypeError");
}
