import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { MIGRATIONS } from "../../src/stores/sqlite/migrations.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { sqliteStore } from "../../src/stores/sqlite/sqlite-store.ts";
import { sqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { noCalls, noRuns } from "../../src/stores/usage/sums.ts";
import type { UsageBatch } from "../../src/stores/usage/usage-store.ts";
import { usageStoreSuite } from "./usage-store-suite.ts";

const PROGRAM = fileURLToPath(new URL("sqlite/fixtures/usage-program.ts", import.meta.url));
const DAY = "2026-11-21";
const TODAY = { from: DAY, to: DAY };
const ALWAYS = { from: "2000-01-01", to: "2999-12-31" };

const directory = mkdtempSync(join(tmpdir(), "agent-otel-usage-"));
const files: SqliteFile[] = [];
afterAll(() => {
  for (const file of files) file.close();
  rmSync(directory, { recursive: true });
});

const pathOf = (name: string) => join(directory, `${name}.db`);
const fileOf = (name: string) => {
  const file = new SqliteFile(pathOf(name));
  files.push(file);
  return file;
};
const open = (name: string) => sqliteUsage(fileOf(name));

const batchOf = (agent: string, costNanoUsd = 1): UsageBatch => ({
  calls: [{ day: DAY, agent, provider: "openai", model: "gpt", ...noCalls(), calls: 1, costNanoUsd }],
  conversations: [{ day: DAY, conversation: agent, ...noCalls(), calls: 1 }],
  runs: [{ day: DAY, kind: "agent", name: agent, caller: "", ...noRuns(), runs: 1 }],
});

async function run(path: string, calls: number, way: "exit" | "close") {
  const child = spawn(process.execPath, [PROGRAM, path, String(calls), way], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code, said };
}

/** What other connections find. */
const countedIn = async (name: string) => (await open(name).calls("model", ALWAYS))[0]?.calls;

describe("usage in SQLite", () => {
  let stores = 0;
  usageStoreSuite(async () => open(`suite-${stores++}`));

  it("adds up what two connections write", async () => {
    const [one, other] = [open("two"), open("two")];
    await Promise.all([one, other, one].map((store) => store.add(batchOf("a"))));
    expect((await other.calls("agent", TODAY))[0]).toMatchObject({ calls: 3, costNanoUsd: 3 });
  });

  it("waits for another connection's lock without holding up the event loop, and writes each batch once", async () => {
    const store = open("locked");
    await store.add(batchOf("a"));
    const other = fileOf("locked").forWriting();
    other.exec("BEGIN IMMEDIATE");
    const added = Promise.all([store.add(batchOf("a")), store.add(batchOf("a"))]);
    await new Promise(setImmediate);
    other.exec("COMMIT");
    await added;
    expect((await store.calls("agent", TODAY))[0]?.calls).toBe(3);
  });

  it("makes no file where it is only read", async () => {
    expect(await open("untouched").rows(ALWAYS)).toEqual([]);
    expect(existsSync(pathOf("untouched"))).toBe(false);
  });

  it("writes what no database would take: names without end, half a character, no number", async () => {
    const store = open("hostile");
    const name = `\0\ud800${"ü".repeat(100_000)}`;
    const { calls, conversations, runs } = batchOf(name);
    const hostile = calls.map((row) => ({
      ...row,
      costNanoUsd: 1e300,
      errors: Number.NaN,
      inputTokens: 0.4,
    }));
    await store.add({ calls: hostile, conversations, runs });
    await store.add({ calls: hostile, conversations, runs });
    const [group] = await store.calls("agent", TODAY);
    expect(group).toMatchObject({
      calls: 2,
      errors: 0,
      costNanoUsd: Number.MAX_SAFE_INTEGER,
      inputTokens: 0,
    });
    expect(group?.key).toHaveLength(256);
  });

  it("gives sums that are larger than the database can count, as nearly as a number can say", async () => {
    const store = open("overflow");
    const [row] = batchOf("a", Number.MAX_SAFE_INTEGER).calls;
    const calls = Array.from({ length: 2_000 }, (_, i) => ({ ...row!, model: `model ${i}` }));
    await store.add({ calls, conversations: [], runs: [] });
    const [group] = await store.calls("agent", TODAY);
    expect(group?.costNanoUsd).toBeCloseTo(2_000 * Number.MAX_SAFE_INTEGER, -15);
  });

  it("comes with the store, which brings an older file up to date, and is closed with it", async () => {
    const path = pathOf("older");
    openDatabase(
      path,
      MIGRATIONS.filter(({ version }) => version < 5),
    ).close();
    const store = sqliteStore(path);
    await store.usage?.add(batchOf("a"));
    await store.close();
    rmSync(`${path}-wal`, { force: true });
    expect(await countedIn("older")).toBe(1);
  });
});

describe("usage totals of programs that end", () => {
  it("are in the file when they were closed, from two processes at once to the last call", async () => {
    const ends = await Promise.all([1, 2].map(() => run(pathOf("processes"), 200, "close")));
    expect(ends).toEqual([1, 2].map(() => ({ code: 0, said: "" })));
    expect(await countedIn("processes")).toBe(400);
  });

  it("are in the file when the program calls process.exit right after its calls", async () => {
    expect(await run(pathOf("exit"), 25, "exit")).toEqual({ code: 0, said: "" });
    expect(await countedIn("exit")).toBe(25);
  });

  it("are in the file when it calls process.exit while its write waits for another's lock", async () => {
    const other = fileOf("exit-locked").forWriting();
    other.exec("BEGIN IMMEDIATE");
    const child = spawn(process.execPath, [PROGRAM, pathOf("exit-locked"), "25", "waiting"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    await once(child.stdout, "data");
    other.exec("COMMIT");
    expect(await exited).toEqual([0, null]);
    expect(await countedIn("exit-locked")).toBe(25);
  });
});
