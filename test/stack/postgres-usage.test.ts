import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usageCommand } from "../../src/cli/commands/usage.ts";
import { PostgresDatabase, type Query } from "../../src/stores/postgres/postgres-database.ts";
import { postgresStore } from "../../src/stores/postgres/postgres-store.ts";
import { postgresUsage } from "../../src/stores/postgres/postgres-usage.ts";
import { noCalls, noRuns } from "../../src/stores/usage/sums.ts";
import type { UsageBatch } from "../../src/stores/usage/usage-store.ts";
import { usageStoreSuite } from "../stores/usage-store-suite.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { type Stack, stackUp } from "./support/stack.ts";

const PROGRAM = fileURLToPath(new URL("../stores/sqlite/fixtures/usage-program.ts", import.meta.url));
const DAY = "2026-11-21";
const ALWAYS = { from: "2000-01-01", to: "2999-12-31" };
const TODAY = { from: DAY, to: DAY };

let stack: Stack;
let databases: Databases;
const opened: PostgresDatabase[] = [];

beforeAll(async () => {
  stack = await stackUp(23_800, ["postgres"]);
  databases = databasesOn(stack.endpoint("postgres", "postgres"));
});

afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await databases?.close();
  await stack?.down();
});

const open = async (name: string) => {
  const database = new PostgresDatabase(await databases.url(name));
  opened.push(database);
  return database;
};

const batchOf = (agents: readonly string[], costNanoUsd = 1): UsageBatch => ({
  calls: agents.map((agent) => ({
    day: DAY,
    agent,
    provider: "openai",
    model: "gpt",
    ...noCalls(),
    calls: 1,
    costNanoUsd,
  })),
  conversations: agents.map((conversation) => ({ day: DAY, conversation, ...noCalls(), calls: 1 })),
  runs: agents.map((name) => ({ day: DAY, kind: "agent", name, caller: "", ...noRuns(), runs: 1 })),
});

describe("usage in PostgreSQL", () => {
  let stores = 0;
  usageStoreSuite(async () => postgresUsage(await open(`usage-suite-${stores++}`)));

  it("adds up what four connections write at once, in whatever order", async () => {
    const names = Array.from({ length: 50 }, (_, i) => `agent ${i}`);
    const stores = await Promise.all([1, 2, 3, 4].map(async () => postgresUsage(await open("usage-many"))));
    await Promise.all(
      stores.flatMap((store, i) =>
        Array.from({ length: 20 }, () => store.add(batchOf(i % 2 === 0 ? names : names.toReversed()))),
      ),
    );
    const groups = await stores[0]!.calls("agent", TODAY);
    expect(groups.map(({ calls, costNanoUsd }) => [calls, costNanoUsd])).toEqual(names.map(() => [80, 80]));
  });

  it("gives sums as exact numbers, also above 32 bits, and where a program has other parsers", async () => {
    const before = pg.types.getTypeParser(20);
    pg.types.setTypeParser(20, () => "not a number");
    const store = postgresUsage(await open("usage-large"));
    for (let i = 0; i < 3; i++) await store.add(batchOf(["a"], 1_234_567_890_123_457));
    expect((await store.calls("agent", TODAY))[0]?.costNanoUsd).toBe(3_703_703_670_370_371);
    expect((await store.rows(TODAY))[0]?.costNanoUsd).toBe(3_703_703_670_370_371);
    pg.types.setTypeParser(20, before);
  });

  it("writes what no database would take: names without end, a NUL, half a character, no number", async () => {
    const store = postgresUsage(await open("usage-hostile"));
    const name = `\0\ud800${"ü".repeat(100_000)}`;
    const { calls, conversations, runs } = batchOf([name, name]);
    await store.add({
      calls: calls.map((row) => ({
        ...row,
        provider: name,
        model: name,
        costNanoUsd: 1e300,
        errors: Number.NaN,
      })),
      conversations,
      runs: runs.map((row) => ({ ...row, caller: name })),
    });
    await store.add({ calls, conversations, runs });
    expect((await store.calls("agent", TODAY))[0]).toMatchObject({ calls: 4, errors: 0 });
    expect((await store.runs("agent", "name", TODAY))[0]).toMatchObject({ runs: 4 });
  });

  it("makes no tables where it is only read", async () => {
    const database = await open("usage-untouched");
    expect(await postgresUsage(database).calls("agent", TODAY)).toEqual([]);
    expect(await database.isEmpty()).toBe(true);
  });

  it("comes with the store, and is closed with it", async () => {
    const url = await databases.url("usage-store");
    const store = postgresStore(url);
    await store.usage?.add(batchOf(["a"]));
    await store.close();
    const again = postgresStore(url);
    expect((await again.usage?.calls("agent", TODAY))?.[0]?.calls).toBe(1);
    await again.close();
  });
});

describe("usage totals in PostgreSQL of programs that end", () => {
  it.each(["end", "close"])("are there: %s", async (way) => {
    const name = `usage-${way}`;
    const child = spawn(process.execPath, [PROGRAM, await databases.url(name), "25", way], {
      stdio: "inherit",
    });
    expect(await once(child, "exit")).toEqual([0, null]);
    const store = postgresUsage(await open(name));
    expect((await store.calls("model", ALWAYS))[0]?.calls).toBe(25);
  });

  it("are not waited for where the server is not there", async () => {
    const startedMs = performance.now();
    const url = "postgres://nobody@127.0.0.1:1/nothing";
    const child = spawn(process.execPath, [PROGRAM, url, "25", "end"], { stdio: "ignore" });
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(performance.now() - startedMs).toBeLessThan(8_000);
  });
});

describe("a COMMIT of usage whose answer is lost", () => {
  type Fate = "answered" | "answer lost" | "never came" | "server away";

  const openWith = async (name: string, fates: readonly Fate[]) => {
    const database = await open(name);
    const left = [...fates];
    const away = () => new Error("connect ECONNREFUSED");
    const store = postgresUsage({
      isEmpty: () => database.isEmpty(),
      query: async (sql, values) => {
        if (left[0] !== "server away" || !sql.includes("pg_xact_status")) return database.query(sql, values);
        left.shift();
        throw away();
      },
      async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
        const fate = left.shift() ?? "answered";
        if (fate === "server away") throw away();
        if (fate === "never came")
          return database.transaction(async (query) => {
            await work(query);
            throw away();
          });
        const result = await database.transaction(work);
        if (fate === "answer lost") throw away();
        return result;
      },
    });
    const calls = async () => (await store.calls("agent", TODAY))[0]?.calls;
    return { store, calls };
  };

  it.each<[readonly Fate[]]>([
    [["answer lost"]],
    [["never came"]],
    [["answer lost", "server away"]],
    [["never came", "server away"]],
    [["never came", "never came", "answer lost"]],
    [["never came", "answer lost", "server away"]],
  ])("is counted once: %j", async (fates) => {
    const { store, calls } = await openWith(`commit ${fates.join(" ")}`, fates);
    await store.add(batchOf(["a"]));
    await store.add(batchOf(["a"]));
    expect(await calls()).toBe(2);
  });

  it("gives back what was never sent", async () => {
    const { store, calls } = await openWith("commit-away", ["answered", "server away"]);
    await store.add(batchOf(["a"]));
    await expect(store.add(batchOf(["a"]))).rejects.toThrow("ECONNREFUSED");
    await store.add(batchOf(["a"]));
    expect(await calls()).toBe(2);
  });
});

describe("agent-otel usage on PostgreSQL", () => {
  it("shows what is there, and makes no tables where nothing is", async () => {
    const url = await databases.url("usage-command");
    const run = async () => {
      const out: string[] = [];
      const terminal = {
        out: (text: string) => void out.push(text),
        note: () => {},
        color: false,
        columns: 80,
      };
      const code = await usageCommand.run(["--db", url], terminal);
      return { code, out: out.join("") };
    };
    expect(await run()).toMatchObject({ code: 0, out: expect.stringContaining("No usage") });
    expect(await (await open("usage-command")).isEmpty()).toBe(true);
    const store = postgresStore(url);
    const day = new Date().toISOString().slice(0, 10);
    const { calls } = batchOf(["writer"], 2_500_000_000);
    await store.usage?.add({ calls: calls.map((row) => ({ ...row, day })), conversations: [], runs: [] });
    await store.close();
    expect((await run()).out).toMatch(/^writer +1 .*\$2\.5000/m);
  });
});
