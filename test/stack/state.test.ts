import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedState } from "../../src/index.ts";
import { PostgresDatabase } from "../../src/stores/postgres/postgres-database.ts";
import { postgresSql } from "../../src/stores/postgres/postgres-sql.ts";
import { postgresStore } from "../../src/stores/postgres/postgres-store.ts";
import { RedisConnection } from "../../src/stores/redis/redis-connection.ts";
import { redisState } from "../../src/stores/redis/redis-state.ts";
import { redisStore } from "../../src/stores/redis/redis-store.ts";
import { redisUrl } from "../../src/stores/redis/redis-url.ts";
import { sqlState } from "../../src/stores/sql/sql-state.ts";
import type { StateStore } from "../../src/stores/state/state-store.ts";
import { runLists } from "../faults/support/state-writers.ts";
import { stateStoreSuite } from "../stores/state-store-suite.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { eventually } from "./support/eventually.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let databases: Databases;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  stack = await stackUp(23_800, ["redis", "postgres"]);
  databases = databasesOn(stack.endpoint("postgres", "postgres"));
});

afterAll(async () => {
  for (const one of opened) await one.close();
  await databases?.close();
  await stack?.down();
});

const openPostgres = async () => {
  const database = new PostgresDatabase(await databases.url("state"));
  opened.push(database);
  return { database, state: sqlState(postgresSql(database)) };
};

const openRedis = async () => {
  const connection = new RedisConnection(redisUrl(stack.endpoint("redis", "redis")));
  opened.push(connection);
  return { state: redisState(connection) };
};

describe("shared state in PostgreSQL", () => {
  let shared: Promise<{ state: StateStore }> | undefined;
  stateStoreSuite(async () => {
    shared ??= openPostgres();
    return (await shared).state;
  });
  sharedByConnections(openPostgres);

  it("makes no tables where it is only read", async () => {
    const database = new PostgresDatabase(await databases.url("state-untouched"));
    opened.push(database);
    const state = sqlState(postgresSql(database));
    expect([await state.read("s", ["a"]), await state.snapshot("s"), await state.history("s", "a")]).toEqual([
      [undefined],
      [],
      [],
    ]);
    expect(await database.isEmpty()).toBe(true);
  });

  it("leaves connections to others while many wait for each other", async () => {
    const { database, state } = await openPostgres();
    const space = randomUUID();
    const change = { key: "a", text: "1", agent: "x", expected: undefined };
    const commit = {
      space,
      changes: [change],
      checks: [],
      listed: undefined,
      fences: [],
      maxKeys: 9,
      atMs: 0,
    };
    const waiting = database.transaction(async (query) => {
      await postgresSql(database).lock(
        async ({ sql, parameters }) => query(sql, parameters),
        `state:${space}`,
      );
      const commits = Array.from({ length: 20 }, () => state.commit(commit));
      // With all four connections in the line, this would have none.
      await database.query("SELECT 1");
      return commits;
    });
    const answers = await Promise.all(await waiting);
    expect(answers.filter(({ kind }) => kind === "committed")).toHaveLength(20);
  });

  it("comes with the store", async () => {
    const store = postgresStore(await databases.url("state"));
    opened.push(store);
    const state = sharedState({ name: randomUUID(), store });
    await state.write("a", { n: 1 });
    expect(await state.read("a")).toMatchObject({ value: { n: 1 }, version: 1 });
  });
});

describe("shared state in Redis", () => {
  let shared: Promise<{ state: StateStore }> | undefined;
  stateStoreSuite(async () => {
    shared ??= openRedis();
    return (await shared).state;
  });
  sharedByConnections(openRedis);

  it("comes with the store", async () => {
    const store = redisStore(stack.endpoint("redis", "redis"));
    opened.push(store);
    const state = sharedState({ name: randomUUID(), store });
    await state.write("a", { n: 1 });
    expect(await state.read("a")).toMatchObject({ value: { n: 1 }, version: 1 });
  });
});

describe("lists that eight writers of four processes append to", () => {
  it.each(["postgres", "redis"] as const)(
    "lose no update in %s, and show nothing that was never there",
    async (kind) => {
      const place = kind === "redis" ? stack.endpoint("redis", "redis") : await databases.url("state-lists");
      const directory = mkdtempSync(join(tmpdir(), "agent-otel-state-"));
      try {
        const { anomalies, ...run } = await runLists(place, directory, "lists", 150);
        console.log(`lists in ${kind}: ${JSON.stringify(run)}`);
        expect(anomalies).toEqual([]);
        expect(run.committed).toBeGreaterThanOrEqual(8 * 150);
        expect(run.refused).toBeGreaterThan(0);
        const naive = await runLists(place, directory, "lists-naive", 50);
        expect(naive.anomalies.filter((one) => one.endsWith("is lost")).length).toBeGreaterThan(0);
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
  );
});

function sharedByConnections(open: () => Promise<{ state: StateStore }>): void {
  it("lets exactly one of many connections write over what all have seen", async () => {
    const name = randomUUID();
    const states = await Promise.all(
      Array.from({ length: 6 }, async () => sharedState({ name, store: await open() })),
    );
    for (let round = 0; round < 20; round++) {
      const writes = await Promise.allSettled(
        states.map((state, i) => state.write("a", i, { expectedVersion: round })),
      );
      expect(writes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    }
    expect(await states[0]!.read("a")).toMatchObject({ version: 20 });
  });

  it("joins what many connections write at once", async () => {
    const name = randomUUID();
    const states = await Promise.all(
      Array.from({ length: 6 }, async () =>
        sharedState({ name, store: await open(), strategy: "merge-arrays" }),
      ),
    );
    await Promise.all(
      states.flatMap((state, i) =>
        Array.from({ length: 5 }, (_, n) => state.write("list", [`${i} ${n}`], { expectedVersion: 0 })),
      ),
    );
    const { value = [] } = (await states[0]!.read<string[]>("list")) ?? {};
    expect(new Set(value).size).toBe(30);
    expect(value).toHaveLength(30);
  });

  it("lets a lock go when its lease is over, and refuses what its last holder writes", async () => {
    const name = randomUUID();
    const [one, other] = [
      sharedState({ name, store: await open() }),
      sharedState({ name, store: await open() }),
    ];
    const lost = await one.lock("a", { leaseMs: 100 });
    const lock = await eventually("the lease is over", () =>
      other.lock("a", { waitMs: 0 }).catch(() => undefined),
    );
    await expect(one.write("x", "late", { lock: lost })).rejects.toMatchObject({ code: "lock_lost" });
    expect(await other.write("x", "right", { lock })).toMatchObject({ outcome: "written" });
    expect(await lock.release()).toBe(true);
  });
}
