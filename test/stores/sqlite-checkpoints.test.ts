import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { sqlCheckpoints } from "../../src/stores/sql/sql-checkpoints.ts";
import type { SqlDatabase } from "../../src/stores/sql/sql-database.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { sqliteSql } from "../../src/stores/sqlite/sqlite-sql.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { claimOf, holdOf, stepOf } from "../faults/support/checkpoint-claims.ts";
import { checkpointStoreSuite } from "./checkpoint-store-suite.ts";
import { INJECTIONS } from "./injections.ts";

describe("checkpoints in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-checkpoints-"));
  const clock = new ManualClock();
  const databases: SqlDatabase[] = [];
  afterAll(async () => {
    for (const database of databases) await database.close();
    rmSync(directory, { recursive: true });
  });
  const open = (name: string) => {
    const database = sqliteSql(new SqliteFile(join(directory, `${name}.db`)), "full", clock);
    databases.push(database);
    return sqlCheckpoints(database);
  };

  checkpointStoreSuite({ open: async () => open("suite"), pass: (ms) => clock.advance(ms) });

  it("make no file where they are only looked for", async () => {
    const store = open("unread");
    expect(await store.read("a")).toBeUndefined();
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect([await store.cancel("a"), await store.reopen("a")]).toEqual([undefined, undefined]);
    expect(await store.sweep("refunds", 0)).toBe(0);
    expect(() => new DatabaseSync(join(directory, "unread.db"), { readOnly: true })).toThrow();
  });

  it("outlive a power cut: the connection waits for the disk", async () => {
    const file = new SqliteFile(join(directory, "durable.db"));
    const database = sqliteSql(file, "full", clock);
    await sqlCheckpoints(database).claim(claimOf());
    const row = file.forWriting().prepare("PRAGMA synchronous").get();
    expect(row).toEqual({ synchronous: 2 });
    await database.close();
  });

  it("believe no lease that a clock gave which was a day ahead", async () => {
    const store = open("clock");
    const ahead = clock.now();
    const hold = holdOf(await store.claim(claimOf()));
    clock.setWallClock(ahead - 2 * 86_400_000);
    expect(await store.claim(claimOf({ id: hold.id }))).toMatchObject({ kind: "claimed" });
    clock.setWallClock(ahead);
  });

  it("leave nothing of a run that is removed", async () => {
    const store = open("removed");
    for (const way of ["forget", "sweep"] as const) {
      const hold = holdOf(await store.claim(claimOf()));
      await store.commit(hold, stepOf(0));
      if (way === "forget") await store.forget(hold);
      else await store.end(hold, "completed").then(() => store.sweep("refunds", 0));
    }
    const db = new DatabaseSync(join(directory, "removed.db"), { readOnly: true });
    const rows = ["workflow_runs", "workflow_steps"].map((table) =>
      db.prepare(`SELECT count(*) AS n FROM ${table}`).get(),
    );
    expect(rows).toEqual([{ n: 0 }, { n: 0 }]);
    db.close();
  });

  it("keep 2,000 texts that look like SQL, as ids, names, outputs and failures, and every table", async () => {
    const store = open("injected");
    const tables = () => {
      const db = new DatabaseSync(join(directory, "injected.db"), { readOnly: true });
      const found = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
      db.close();
      return found;
    };
    await store.claim(claimOf());
    const before = tables();
    const payloads = Array.from({ length: 500 }, (_, n) => INJECTIONS[n % INJECTIONS.length]!);
    for (const [n, text] of payloads.entries()) {
      const json = JSON.stringify(text);
      const hold = holdOf(await store.claim(claimOf({ id: `${n}${text}`, workflow: text, initial: json })));
      await store.commit(hold, { seq: 0, name: text, output: json, attempts: 1 });
      await store.end(hold, "failed", json);
      const found = await store.read(`${n}${text}`);
      expect(found).toMatchObject({
        run: { id: `${n}${text}`, workflow: text, failure: json },
        steps: [{ name: text, output: json }],
      });
    }
    expect(tables()).toEqual(before);
    expect((await store.list({ limit: 1_000 })).length).toBe(501);
  });
});
