import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deadLettersCommand } from "../../src/cli/commands/dead-letters.ts";
import { deadLetterQueue, postgresStore } from "../../src/index.ts";
import { PostgresDatabase } from "../../src/stores/postgres/postgres-database.ts";
import { postgresSql } from "../../src/stores/postgres/postgres-sql.ts";
import type { RunSql, SqlDatabase } from "../../src/stores/sql/sql-database.ts";
import { sqlLetters } from "../../src/stores/sql/sql-letters.ts";
import { runCommand } from "../cli/support/run-command.ts";
import { killReplayers, killWorkers } from "../faults/support/dead-letter-runs.ts";
import { killReplayServers } from "../faults/support/replay-servers.ts";
import { letterIn, letterStoreSuite } from "../stores/letter-store-suite.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let databases: Databases;
const opened: PostgresDatabase[] = [];
const directory = mkdtempSync(join(tmpdir(), "agent-otel-letters-"));

beforeAll(async () => {
  stack = await stackUp(23_840, ["postgres"]);
  databases = databasesOn(stack.endpoint("postgres", "postgres"));
});

afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await databases?.close();
  await stack?.down();
  rmSync(directory, { recursive: true });
});

const open = async (name: string) => {
  const database = new PostgresDatabase(await databases.url(name));
  opened.push(database);
  return database;
};

describe("dead letters in PostgreSQL", () => {
  let suite: ReturnType<typeof sqlLetters> | undefined;
  letterStoreSuite({
    async open() {
      suite ??= sqlLetters(postgresSql(await open("letters-suite")));
      return suite;
    },
    // Its leases are by the clock of the server.
    pass: (ms) => wait(ms + 5),
  });

  it("make no tables where they are only read", async () => {
    const database = await open("letters-untouched");
    const store = sqlLetters(postgresSql(database));
    expect(await store.list({ queue: "q", limit: 1 })).toEqual([]);
    expect(await store.claim({ queue: "q", id: "a", claim: "c", leaseMs: 1, maxReplays: 1 })).toEqual({
      kind: "missing",
    });
    expect(await store.queues()).toEqual([]);
    expect(await database.isEmpty()).toBe(true);
  });

  it("keep to the bound of a queue, and one letter for one key, with four connections at once", async () => {
    const stores = await Promise.all(
      [1, 2, 3, 4].map(async () => sqlLetters(postgresSql(await open("letters-many")))),
    );
    const same = letterIn("q");
    const twins = await Promise.all(stores.flatMap((store) => [store.add(same, 50), store.add(same, 50)]));
    expect(twins.filter((answer) => answer === "added")).toHaveLength(1);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => stores[i % 4]!.add(letterIn("q"), 50)),
    );
    expect(answers.filter((answer) => answer === "added")).toHaveLength(49);
  });

  it("count nothing twice where the answer to a statement or a COMMIT is lost", async () => {
    const store = sqlLetters(losingAnswers(postgresSql(await open("letters-lost"))));
    const letter = letterIn("q");
    expect(await store.add(letter, 10)).toBe("added");
    const request = { queue: "q", id: letter.id, claim: "mine", leaseMs: 60_000, maxReplays: 10 };
    expect(await store.claim(request)).toMatchObject({ kind: "claimed", letter: { replays: 1 } });
    const failed = { errorType: "E", errorMessage: "no", history: "[]", atMs: letter.lastAttemptMs + 1 };
    expect(await store.settle("q", letter.id, "mine", { kind: "failed", ...failed })).toBe(true);
    expect(await store.get("q", letter.id)).toMatchObject({ attempts: 4, replays: 1 });
  });

  it("tell nothing of a payload where the server refuses it", async () => {
    const url = await databases.url("letters-refused");
    const store = postgresStore(url);
    const queue = deadLetterQueue({ store });
    const task = { taskType: "search", payload: "secret otters", error: new Error("no"), attempts: 1 };
    await queue.add(task);
    const database = await open("letters-refused");
    await database.query("ALTER TABLE agent_otel_dead_letters ADD CHECK (length(payload) < 5) NOT VALID");
    const error = await queue.add(task).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "store_unusable" });
    expect((error as Error).cause).toBeUndefined();
    expect(String(error)).not.toContain("otters");
    await store.close();
  });

  it("say that the server is not there", async () => {
    const store = postgresStore("postgres://nobody:hunter2@127.0.0.1:1/nothing");
    const queue = deadLetterQueue({ store });
    const adding = queue.add({ taskType: "search", payload: 1, error: "no", attempts: 1 });
    await expect(adding).rejects.toMatchObject({ code: "store_unusable" });
    await expect(adding).rejects.not.toThrow("hunter2");
    await store.close();
  });

  it("are shown and replayed by the command", async () => {
    const url = await databases.url("letters-command");
    const run = (...args: readonly string[]) => runCommand(deadLettersCommand, {}, [...args, "--db", url]);
    expect((await run("list")).out).toBe("No unresolved letters.\n");
    const store = postgresStore(url);
    const { id } = await deadLetterQueue({ store }).add({
      taskType: "search",
      payload: 1,
      error: new Error("no"),
      attempts: 1,
    });
    expect((await run("list")).out).toContain(id);
    expect((await run("resolve", id, "--because", "done")).code).toBe(0);
    expect((await run("summary")).out).toBe("0 letters unresolved, 1 resolved\n");
    await store.close();
  });
});

describe("dead letters in PostgreSQL of processes that are killed", () => {
  it("are each there once: in = done + dead", async () => {
    const letters = await databases.url("letters-workers");
    const result = await killWorkers({ source: join(directory, "w.db"), letters, kind: "queue" }, 400, 10);
    console.log(JSON.stringify(result));
    expect(result).toMatchObject({ lost: 0, twice: 0, inFlight: 0, done: 267, dead: 133 });
  });

  it("have one effect each, and run again only for a kill", async () => {
    const letters = await databases.url("letters-replays");
    const result = await killReplayers({ source: join(directory, "r.db"), letters, kind: "queue" }, 150, 10);
    console.log(JSON.stringify(result));
    expect(result).toMatchObject({ paid: 150, unresolved: 0 });
    expect(result.runs).toBeLessThanOrEqual(160);
  });

  it("are replayed as another process asks for it", async () => {
    const letters = await databases.url("letters-served");
    const result = await killReplayServers(
      { source: join(directory, "s.db"), letters, kind: "queue" },
      150,
      8,
    );
    console.log(JSON.stringify(result));
    expect(result).toMatchObject({ paid: 150, asked: 0 });
    expect(result.runs).toBeLessThanOrEqual(158);
  });
});

/** Each statement and each transaction is done, and its first answer lost. */
function losingAnswers(database: SqlDatabase): SqlDatabase {
  let calls = 0;
  const losing = async <T>(done: Promise<T>): Promise<T> => {
    const answer = await done;
    calls += 1;
    if (calls % 2 === 1) throw new Error("Connection terminated unexpectedly");
    return answer;
  };
  const run: RunSql = (statement) => losing(database.run(statement));
  return { ...database, run, transaction: (work) => losing(database.transaction(work)) };
}
