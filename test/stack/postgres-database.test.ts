import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MIGRATIONS } from "../../src/stores/postgres/migrations.ts";
import { PostgresDatabase } from "../../src/stores/postgres/postgres-database.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let databases: Databases;
const opened: PostgresDatabase[] = [];

beforeAll(async () => {
  stack = await stackUp(23_650, ["postgres"]);
  databases = databasesOn(stack.endpoint("postgres", "postgres"));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

afterAll(async () => {
  await databases?.close();
  await stack?.down();
});

function open(url: string, migrations = MIGRATIONS): PostgresDatabase {
  const database = new PostgresDatabase(url, migrations);
  opened.push(database);
  return database;
}

/** Runs statements as the owner of a database, with nothing of ours in between. */
async function asOwner(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    return (await owner.query(sql)).rows;
  } finally {
    await owner.end();
  }
}

describe("the schema in PostgreSQL", () => {
  it("is made once by twenty who come first at the same moment, in each of ten databases", async () => {
    for (let i = 0; i < 10; i++) {
      const url = await databases.url(`race-${i}`);
      await Promise.all(Array.from({ length: 20 }, () => open(url).query("SELECT 1")));
      const versions = await asOwner(url, "SELECT version FROM agent_otel_migrations ORDER BY version");
      expect(versions).toEqual(MIGRATIONS.map(({ version }) => ({ version })));
      await Promise.all(opened.splice(0).map((database) => database.close()));
    }
  });

  it("is brought from an older version to the newest", async () => {
    const url = await databases.url("older");
    await open(url, MIGRATIONS.slice(0, 1)).query("SELECT 1");
    const step = { version: MIGRATIONS.length + 1, sql: "CREATE TABLE agent_otel_later (id integer)" };
    await open(url, [...MIGRATIONS, step]).query("SELECT * FROM agent_otel_later");
    expect(await asOwner(url, "SELECT max(version) AS newest FROM agent_otel_migrations")).toEqual([
      { newest: step.version },
    ]);
  });

  it("is left as it was where a step fails", async () => {
    const url = await databases.url("failing-step");
    const step = {
      version: MIGRATIONS.length + 1,
      sql: "CREATE TABLE agent_otel_half (id integer); SELECT 1 / 0",
    };
    await expect(open(url, [...MIGRATIONS, step]).query("SELECT 1")).rejects.toMatchObject({
      code: "store_unusable",
      message: expect.stringMatching(/cannot be prepared: division by zero$/),
    });
    expect(await open(url).isEmpty()).toBe(true);
  });

  it("is refused when it is newer, and not touched", async () => {
    const url = await databases.url("newer");
    await open(url).query("SELECT 1");
    await asOwner(url, "INSERT INTO agent_otel_migrations (version) VALUES (999)");
    await expect(open(url).query("SELECT 1")).rejects.toMatchObject({
      code: "store_too_new",
      foundVersion: 999,
      knownVersion: MIGRATIONS.length,
    });
  });

  it("is read by a user who may only read", async () => {
    const url = await databases.url("readers");
    await open(url).query("SELECT 1");
    await asOwner(
      url,
      "CREATE ROLE reader LOGIN PASSWORD 'x'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    );
    const reader = new URL(url);
    [reader.username, reader.password] = ["reader", "x"];
    const database = open(reader.href);
    expect(await database.query("SELECT count(*) FROM agent_otel_ledger")).toEqual([{ count: "0" }]);
    await expect(database.query("DELETE FROM agent_otel_ledger")).rejects.toThrow("permission denied");
  });

  it("is not made in a database that cannot hold every text", async () => {
    const url = await databases.url("plain");
    await asOwner(url, "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'");
    const latin = new URL(url);
    latin.pathname = "/latin";
    await expect(open(latin.href).query("SELECT 1")).rejects.toMatchObject({
      code: "store_unusable",
      message: expect.stringContaining("has the encoding LATIN1; name a database with UTF8"),
    });
  });
});

describe("a connection to PostgreSQL", () => {
  it("is told from a server that is not there, and from a wrong password, without the password", async () => {
    const url = new URL(await databases.url("password"));
    const secret = "hunter2-secret";
    url.password = secret;
    const refused = await open(url.href)
      .query("SELECT 1")
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "store_unusable",
      message: expect.stringContaining("password authentication failed"),
    });
    url.port = "1";
    const away = await open(url.href)
      .query("SELECT 1")
      .catch((error: unknown) => error);
    expect(away).toMatchObject({ code: "store_unusable", message: expect.stringContaining("ECONNREFUSED") });
    for (const error of [refused, away]) {
      const { message, path, stack: trace } = error as { message: string; path: string; stack: string };
      expect(message + path + trace).not.toContain(secret);
    }
  });

  it("is made again after the server has ended it", async () => {
    const url = await databases.url("ended");
    const database = open(url);
    await database.query("SELECT 1");
    const ended =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'ended' AND pid <> pg_backend_pid()";
    await asOwner(url, ended);
    await expect.poll(() => database.query("SELECT 2 AS two").catch(() => "not yet")).toEqual([{ two: 2 }]);
  });

  it("is as good as before after a statement that failed", async () => {
    const database = open(await databases.url("failing"));
    await expect(database.query("SELECT 1 / 0")).rejects.toThrow("division by zero");
    await expect(
      database.transaction(async (query) => {
        await query("CREATE TABLE half (id integer)");
        await query("SELECT 1 / 0");
      }),
    ).rejects.toThrow("division by zero");
    expect(await database.query("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  });

  it("does not say that a transaction is done when one of its statements had failed unseen", async () => {
    const database = open(await databases.url("unseen"));
    await expect(
      database.transaction(async (query) => {
        await query("SELECT 1 / 0").catch(() => {});
        return "done";
      }),
    ).rejects.toThrow("a statement of the transaction had failed; nothing was written");
  });

  it("can be closed twice, and refuses what comes after", async () => {
    const database = open(await databases.url("closed"));
    await database.query("SELECT 1");
    await Promise.all([database.close(), database.close()]);
    await expect(database.query("SELECT 1")).rejects.toMatchObject({ code: "store_unusable" });
    await new PostgresDatabase("postgres://nobody@127.0.0.1:1/never").close();
  });
});

describe("listening to PostgreSQL", () => {
  it("hears what is said, until it is told to stop", async () => {
    const database = open(await databases.url("listening"));
    const heard: string[] = [];
    const stop = await database.listen("agent_otel_test", (payload) => heard.push(payload));
    await database.query("SELECT pg_notify('agent_otel_test', $1)", ["it's so"]);
    await expect.poll(() => heard).toEqual(["it's so"]);
    await stop();
    await stop();
    const later: string[] = [];
    await database.listen("agent_otel_test", (payload) => later.push(payload));
    await database.query("SELECT pg_notify('agent_otel_test', 'late')");
    await expect.poll(() => later).toEqual(["late"]);
    expect(heard).toEqual(["it's so"]);
  });

  it("hears again after the server was killed, and says so before anything is heard", async () => {
    const database = open(await databases.url("listening-again"));
    const heard: string[] = [];
    await database.listen(
      "agent_otel_test",
      (payload) => heard.push(payload),
      () => heard.push("again"),
    );
    stack.kill("postgres");
    await stack.restart("postgres");
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual(["again"]);
    await database.query("SELECT pg_notify('agent_otel_test', 'there')");
    await expect.poll(() => heard).toEqual(["again", "there"]);
  });

  it("goes on trying where the server is away at first", async () => {
    const url = new URL(await databases.url("listening-late"));
    stack.kill("postgres");
    const database = open(url.href);
    const again = Promise.withResolvers<void>();
    await database.listen(
      "agent_otel_test",
      () => {},
      () => again.resolve(),
    );
    await stack.restart("postgres");
    await again.promise;
  });

  it.each(['x"; DROP TABLE y; --', "Upper", "", "a".repeat(64)])(
    "refuses %j as a channel",
    async (channel) => {
      const database = open(await databases.url("channels"));
      await expect(database.listen(channel, () => {})).rejects.toThrow(/^postgres: channel must be/);
    },
  );
});
