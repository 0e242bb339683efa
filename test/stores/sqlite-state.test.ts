import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sqlState } from "../../src/stores/sql/sql-state.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { sqliteSql } from "../../src/stores/sqlite/sqlite-sql.ts";
import { sqliteStore } from "../../src/stores/sqlite/sqlite-store.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { commitOf, put, stateStoreSuite } from "./state-store-suite.ts";

describe("shared state in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-state-"));
  const opened: { close(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const one of opened) await one.close();
    rmSync(directory, { recursive: true });
  });
  const pathOf = (name: string) => join(directory, `${name}.db`);
  const open = (name: string, clock?: ManualClock) => {
    const db = sqliteSql(new SqliteFile(pathOf(name)), "normal", clock);
    opened.push(db);
    return sqlState(db);
  };

  stateStoreSuite(async () => open("suite"));

  it("is the same for two connections", async () => {
    const [one, other] = [open("two"), open("two")];
    await one.commit(commitOf("s", { changes: [put("a", 1, 0)] }));
    expect(await other.read("s", ["a"])).toMatchObject([{ version: 1, text: "1" }]);
    expect(await other.commit(commitOf("s", { changes: [put("a", 2, 0)] }))).toMatchObject({
      kind: "conflict",
    });
    await one.lock("s", "k", "one", 60_000);
    expect(await other.lock("s", "k", "other", 60_000)).toMatchObject({ kind: "held", owner: "one" });
  });

  it("makes no file where it is only read", async () => {
    const store = open("untouched");
    await store.read("s", ["a"]);
    await store.snapshot("s");
    await store.history("s", "a");
    expect(existsSync(pathOf("untouched"))).toBe(false);
  });

  it("lets a lock go when its lease is over", async () => {
    const clock = new ManualClock();
    const store = open("lease", clock);
    await store.lock("s", "a", "one", 1_000);
    clock.advance(999);
    expect(await store.lock("s", "a", "other", 1_000)).toEqual({ kind: "held", owner: "one", forMs: 1 });
    clock.advance(1);
    expect(await store.lock("s", "a", "other", 1_000)).toEqual({ kind: "locked", fence: 2 });
    expect(await store.extend("s", "a", 1, 1_000)).toBe(false);
  });

  it("does not keep a lock for years where the clock was set back", async () => {
    const clock = new ManualClock();
    const store = open("set-back", clock);
    clock.setWallClock(Date.UTC(2036, 0, 1));
    await store.lock("s", "a", "one", 30_000);
    clock.setWallClock(Date.UTC(2026, 0, 1));
    expect(await store.lock("s", "a", "other", 30_000)).toEqual({ kind: "locked", fence: 2 });
  });

  it("comes with the store, and is closed with it", async () => {
    const store = sqliteStore(pathOf("store"));
    await store.state?.commit(commitOf("s", { changes: [put("a", 1)] }));
    await store.close();
    const again = sqliteStore(pathOf("store"));
    expect(await again.state?.read("s", ["a"])).toMatchObject([{ text: "1" }]);
    await again.close();
  });
});
