import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerCommand } from "../../src/cli/commands/ledger.ts";
import { cleanEntry } from "../../src/stores/ledger/clean-entry.ts";
import { lockStatement } from "../../src/stores/postgres/locks.ts";
import { PostgresDatabase, type Query } from "../../src/stores/postgres/postgres-database.ts";
import { postgresLedger } from "../../src/stores/postgres/postgres-ledger.ts";
import { postgresLedgerDriver } from "../../src/stores/postgres/postgres-ledger-driver.ts";
import { ledgerSuite } from "../stores/ledger-suite.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { type Stack, stackUp } from "./support/stack.ts";

const PROGRAM = fileURLToPath(new URL("programs/postgres-ledger-end.ts", import.meta.url));
const ENTRY = { kind: "failure", subject: "a" };

let stack: Stack;
let databases: Databases;

beforeAll(async () => {
  stack = await stackUp(23_650, ["postgres"]);
  databases = databasesOn(stack.endpoint("postgres", "postgres"));
});

afterAll(async () => {
  await databases?.close();
  await stack?.down();
});

describe("a ledger in PostgreSQL", () => {
  ledgerSuite(async (place, options) => postgresLedger({ url: await databases.url(place), ...options }));

  it.each([
    "UPDATE agent_otel_ledger SET cause = 'x'",
    "DELETE FROM agent_otel_ledger",
    "TRUNCATE agent_otel_ledger",
    "INSERT INTO agent_otel_ledger SELECT * FROM agent_otel_ledger ON CONFLICT (seq) DO UPDATE SET cause = 'x'",
    "SET session_replication_role = replica; DELETE FROM agent_otel_ledger",
  ])("refuses a statement that would change it: %s", async (sql) => {
    const url = await databases.url("append-only");
    const ledger = postgresLedger({ url });
    await ledger.append(ENTRY);
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await expect(owner.query(sql)).rejects.toThrow("the ledger is append-only");
    await owner.end();
    expect(await ledger.verify()).toMatchObject({ valid: true });
    await ledger.close();
  });

  it("is written by a user who may insert and read, and nothing else", async () => {
    const url = await databases.url("insert-only");
    const ledger = postgresLedger({ url });
    await ledger.append(ENTRY);
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await owner.query(`CREATE ROLE app LOGIN PASSWORD 'x'; GRANT SELECT ON agent_otel_migrations TO app;
      GRANT SELECT, INSERT ON agent_otel_ledger TO app`);
    await owner.end();
    const app = Object.assign(new URL(url), { username: "app", password: "x" });
    const limited = postgresLedger({ url: app.href, policy: "fail_closed" });
    expect(await limited.append(ENTRY)).toMatchObject({ seq: 2 });
    expect(await limited.verify()).toMatchObject({ valid: true, rows: 2 });
    await Promise.all([ledger.close(), limited.close()]);
  });

  it("makes no tables where it is only read", async () => {
    const url = await databases.url("untouched");
    const ledger = postgresLedger({ url });
    expect(await ledger.summary()).toEqual({ rows: 0, kinds: [], subjects: [] });
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: 0 });
    await ledger.close();
    const database = new PostgresDatabase(url);
    expect(await database.isEmpty()).toBe(true);
    await database.close();
  });

  it("writes groups of 10,000 rows", async () => {
    const ledger = postgresLedger({ url: await databases.url("large-groups"), groupRows: 10_000 });
    for (let i = 0; i < 10_000; i++) ledger.record({ ...ENTRY, cause: `failure ${i}` });
    await ledger.close();
    expect(ledger.counts()).toEqual({ waiting: 0, written: 10_000, dropped: 0 });
  });

  it("reads numbers as numbers where a program has other parsers for the whole package", async () => {
    const before = pg.types.getTypeParser(20);
    pg.types.setTypeParser(20, () => "not a number");
    const ledger = postgresLedger({ url: await databases.url("parsers") });
    expect(await ledger.append(ENTRY)).toMatchObject({ seq: 1 });
    expect(await ledger.verify({ anchor: await ledger.head() })).toMatchObject({ valid: true, rows: 1 });
    await ledger.close();
    pg.types.setTypeParser(20, before);
  });

  it("lets others write when a writer stops in the middle of its transaction", async () => {
    const url = await databases.url("stopped-writer");
    const stopped = new PostgresDatabase(url);
    const [locked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const failed = stopped
      .transaction(async (query) => {
        await query(lockStatement("ledger"));
        locked.resolve();
        await goOn.promise;
        await query("SELECT 1");
      })
      .catch((error: Error) => error);
    await locked.promise;
    const ledger = postgresLedger({ url, policy: "fail_closed" });
    await expect(ledger.append(ENTRY)).resolves.toMatchObject({ seq: 1 });
    goOn.resolve();
    expect(await failed).toBeInstanceOf(Error);
    await Promise.all([ledger.close(), stopped.close()]);
  });

  it("tells an append within 20 s that the server hangs, closes all the same, and holds nothing up afterwards", async () => {
    const url = await databases.url("hanging");
    const ledger = postgresLedger({ url, groupMs: 0 });
    await ledger.append(ENTRY);
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    const sql = "SELECT pid FROM pg_stat_activity WHERE datname = 'hanging' AND pid <> pg_backend_pid()";
    const pids = (await owner.query<{ pid: number }>(sql)).rows.map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    try {
      const startedMs = performance.now();
      expect(await ledger.append(ENTRY)).toBeUndefined();
      await ledger.close();
      expect(performance.now() - startedMs).toBeLessThan(20_000);
    } finally {
      for (const pid of pids) process.kill(pid, "SIGCONT");
    }
    const again = postgresLedger({ url, policy: "fail_closed" });
    expect(await again.append(ENTRY)).toMatchObject({ seq: 2 });
    await Promise.all([again.close(), owner.end()]);
  });
});

describe("agent-otel ledger on PostgreSQL", () => {
  const run = async (...args: readonly string[]) => {
    const out: string[] = [];
    const terminal = {
      out: (text: string) => void out.push(text),
      note: () => {},
      color: false,
      columns: 80,
    };
    return { code: await ledgerCommand.run(args, terminal), out: out.join("") };
  };

  it("shows and verifies what is there, and makes no tables where nothing is", async () => {
    const url = await databases.url("command");
    expect(await run("summary", "--db", url)).toEqual({ code: 0, out: "The ledger is empty.\n" });
    const ledger = postgresLedger({ url });
    await ledger.append({ kind: "transition", subject: "researcher", from: "closed", to: "open" });
    await ledger.append({ ...ENTRY, cause: "timed out" });
    expect((await run("summary", "--db", url)).out).toMatch(/^researcher {2}open +0 +1 {2}20/m);
    expect((await run("failures", "--db", url)).out).toMatch(/^ +2 .* a +timed out$/m);
    const { seq, hash } = await ledger.head();
    expect(await run("verify", "--anchor", `${seq}:${hash}`, "--db", url)).toEqual({
      code: 0,
      out: `Valid: 2 rows.\nHead: 2:${hash}\n`,
    });
    await ledger.close();
  });
});

describe("a PostgreSQL ledger in a process that ends", () => {
  it.each(["end", "listen"])("has written all that was recorded: %s", async (way) => {
    const url = await databases.url(`process-${way}`);
    const startedMs = performance.now();
    const child = spawn(process.execPath, [PROGRAM, url, way], { stdio: ["ignore", "ignore", "pipe"] });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect({ code, said }).toEqual({ code: 0, said: "" });
    expect(performance.now() - startedMs).toBeLessThan(8_000);
    const ledger = postgresLedger({ url });
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: 301 });
    await ledger.close();
  });

  it("says how many are lost where process.exit does not wait", async () => {
    const said = await stderrOf(await databases.url("process-exit"), "exit");
    expect(said).toContain("301 entries are lost");
  });

  it("is not held up where the server is not there, and says how many are lost", async () => {
    const startedMs = performance.now();
    const said = await stderrOf("postgres://nobody@127.0.0.1:1/nothing", "end");
    expect(said).toContain("301 entries are lost");
    expect(performance.now() - startedMs).toBeLessThan(8_000);
  });
});

describe("a COMMIT whose answer is lost", () => {
  const entries = (count: number) => Array.from({ length: count }, (_, i) => cleanEntry(ENTRY, i));
  type Fate = "answered" | "answer lost" | "never came" | "server away";

  const open = async (name: string, fates: Fate[]) => {
    const database = new PostgresDatabase(await databases.url(name));
    const transaction = async <T>(work: (query: Query) => Promise<T>): Promise<T> => {
      const fate = fates.shift() ?? "answered";
      if (fate === "server away") throw new Error("connect ECONNREFUSED");
      const lost = new Error("Connection terminated unexpectedly");
      if (fate === "never came")
        return database.transaction(async (query) => {
          await work(query);
          throw lost;
        });
      const result = await database.transaction(work);
      if (fate === "answer lost") throw lost;
      return result;
    };
    const rows = async () =>
      Number((await database.query("SELECT count(*) FROM agent_otel_ledger"))[0]?.["count"]);
    return { driver: postgresLedgerDriver({ transaction }), rows, close: () => database.close() };
  };

  it("is no failure where the rows are found in the ledger", async () => {
    const { driver, rows, close } = await open("commit-found", ["answer lost"]);
    expect(await driver.write(entries(3))).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    expect(await rows()).toBe(3);
    await close();
  });

  it("is a failure where it never came, and the rows are written the next time", async () => {
    const { driver, rows, close } = await open("commit-never", ["never came"]);
    const group = entries(3);
    await expect(driver.write(group)).rejects.toThrow("Connection terminated");
    expect(await driver.write(group)).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    expect(await rows()).toBe(3);
    await close();
  });

  it("writes no row twice where nobody could be asked at first, and the group comes again with others", async () => {
    const { driver, rows, close } = await open("commit-late", ["answer lost", "server away", "server away"]);
    const [first, second, third, fourth] = entries(4);
    await expect(driver.write([first!, second!, third!])).rejects.toThrow("Connection terminated");
    await expect(driver.write([second!, third!, fourth!])).rejects.toThrow("ECONNREFUSED");
    // The first is not handed in again: who waited for it was told that it is lost.
    expect(await driver.write([second!, third!, fourth!])).toMatchObject([
      { seq: 2 },
      { seq: 3 },
      { seq: 4 },
    ]);
    expect(await rows()).toBe(4);
    await close();
  });

  it("writes them where nobody could be asked at first, and it had never come", async () => {
    const { driver, rows, close } = await open("commit-late-never", ["never came", "server away"]);
    const group = entries(3);
    await expect(driver.write(group)).rejects.toThrow("Connection terminated");
    expect(await driver.write(group)).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    expect(await rows()).toBe(3);
    await close();
  });

  it("writes no row twice when it happens again to what came with them", async () => {
    const fates: Fate[] = [
      "answer lost",
      "server away",
      "never came",
      "server away",
      "answer lost",
      "server away",
    ];
    const { driver, rows, close } = await open("commit-again", fates);
    const group = entries(5);
    await expect(driver.write(group.slice(0, 2))).rejects.toThrow();
    await expect(driver.write(group.slice(0, 4))).rejects.toThrow();
    await expect(driver.write(group)).rejects.toThrow();
    const written = await driver.write(group);
    expect((written as readonly { seq: number }[]).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(await rows()).toBe(5);
    await close();
  });
});

async function stderrOf(url: string, way: string): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, url, way], { stdio: ["ignore", "ignore", "pipe"] });
  const [said] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return said;
}
