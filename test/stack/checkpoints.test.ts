import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresDatabase } from "../../src/stores/postgres/postgres-database.ts";
import { postgresSql } from "../../src/stores/postgres/postgres-sql.ts";
import { sqlCheckpoints } from "../../src/stores/sql/sql-checkpoints.ts";
import { claimOf, holdOf, stepOf } from "../faults/support/checkpoint-claims.ts";
import { checkpointStoreSuite } from "../stores/checkpoint-store-suite.ts";
import { INJECTIONS } from "../stores/injections.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let databases: Databases;
const opened: PostgresDatabase[] = [];

beforeAll(async () => {
  stack = await stackUp(23_820, ["postgres"]);
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
  return sqlCheckpoints(postgresSql(database));
};

/** The same tables, asked by another program. */
async function asking<T>(name: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await databases.url(name) });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

describe("checkpoints in PostgreSQL", () => {
  // Its leases are by the clock of the server.
  checkpointStoreSuite({ open: () => open("suite"), pass: (ms) => wait(ms + 5) });

  it("make no tables where they are only looked for", async () => {
    const store = await open("unread");
    expect(await store.read("a")).toBeUndefined();
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect([await store.cancel("a"), await store.reopen("a")]).toEqual([undefined, undefined]);
    expect(await store.sweep("refunds", 0)).toBe(0);
    const { rows } = await asking("unread", (client) =>
      client.query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'agent_otel%'"),
    );
    expect(rows).toEqual([]);
  });

  it("wait for a takeover that is under way, and then refuse the step of the former owner", async () => {
    const store = await open("fence");
    const hold = holdOf(await store.claim(claimOf()));
    const answer = await asking("fence", async (client) => {
      await client.query("BEGIN");
      await client.query("SELECT 1 FROM agent_otel_workflow_runs WHERE id = $1 FOR UPDATE", [hold.id]);
      const commit = store.commit(hold, stepOf(0));
      // Until it waits for the lock.
      await expect
        .poll(async () => {
          const { rows } = await client.query("SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted");
          return (rows[0] as { n: number }).n;
        })
        .toBeGreaterThan(0);
      await client.query("UPDATE agent_otel_workflow_runs SET epoch = epoch + 1 WHERE id = $1", [hold.id]);
      await client.query("COMMIT");
      return commit;
    });
    expect(answer).toBe("lost");
    expect((await store.read(hold.id))?.steps).toEqual([]);
  });

  it("keep no step twice that two connections commit at once, 200 times", async () => {
    const [one, other] = [await open("twice"), await open("twice")];
    const hold = holdOf(await one.claim(claimOf()));
    for (let seq = 0; seq < 200; seq++) {
      const answers = await Promise.all([one.commit(hold, stepOf(seq)), other.commit(hold, stepOf(seq))]);
      expect(answers.toSorted()).toEqual(["committed", "lost"]);
    }
    expect((await one.read(hold.id))?.steps.map(({ seq }) => seq)).toEqual([...Array(200).keys()]);
  });

  it("keep 2,000 texts that look like SQL, as ids, names, outputs and failures, and every table", async () => {
    const store = await open("injected");
    const tables = () =>
      asking("injected", async (client) => {
        const { rows } = await client.query(
          "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
        );
        return rows as unknown;
      });
    await store.claim(claimOf());
    const before = await tables();
    for (let n = 0; n < 500; n++) {
      const text = INJECTIONS[n % INJECTIONS.length]!;
      const json = JSON.stringify(text);
      const hold = holdOf(await store.claim(claimOf({ id: `${n}${text}`, workflow: text, initial: json })));
      await store.commit(hold, { seq: 0, name: text, output: json, attempts: 1 });
      await store.end(hold, "failed", json);
      expect(await store.read(`${n}${text}`)).toMatchObject({
        run: { id: `${n}${text}`, workflow: text, failure: json },
        steps: [{ name: text, output: json }],
      });
    }
    expect(await tables()).toEqual(before);
    expect((await store.list({ limit: 1_000 })).length).toBe(501);
  });
});
