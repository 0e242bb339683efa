import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sqlLetters } from "../../src/stores/sql/sql-letters.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { sqliteSql } from "../../src/stores/sqlite/sqlite-sql.ts";
import { sqliteStore } from "../../src/stores/sqlite/sqlite-store.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { letterIn, letterStoreSuite } from "./letter-store-suite.ts";

describe("dead letters in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-letters-"));
  const opened: { close(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const each of opened) await each.close();
    rmSync(directory, { recursive: true });
  });
  const open = (name: string, clock?: ManualClock) => {
    const database = sqliteSql(new SqliteFile(join(directory, `${name}.db`)), "full", clock);
    opened.push(database);
    return sqlLetters(database);
  };

  const clock = new ManualClock();
  const suite = open("suite", clock);
  letterStoreSuite({ open: async () => suite, pass: (ms) => clock.advance(ms) });

  it("are the same for two connections", async () => {
    const [one, other] = [open("two"), open("two")];
    const letter = letterIn("q");
    await one.add(letter, 10);
    const request = { queue: "q", id: letter.id, leaseMs: 60_000, maxReplays: 10 };
    expect((await other.claim({ ...request, claim: "a" })).kind).toBe("claimed");
    expect((await one.claim({ ...request, claim: "b" })).kind).toBe("held");
  });

  it("make no file where they are only read", async () => {
    const store = open("untouched");
    expect(await store.list({ queue: "q", limit: 1 })).toEqual([]);
    expect(await store.claim({ queue: "q", id: "a", claim: "c", leaseMs: 1, maxReplays: 1 })).toEqual({
      kind: "missing",
    });
    expect(new SqliteFile(join(directory, "untouched.db")).forReading()).toBeUndefined();
  });

  it("do not believe a lease that a clock has given which was days ahead", async () => {
    const clock = new ManualClock();
    const store = open("clock", clock);
    const letter = letterIn("q");
    await store.add(letter, 10);
    const request = { queue: "q", id: letter.id, leaseMs: 60_000, maxReplays: 10 };
    clock.setWallClock(Date.UTC(2026, 5, 1));
    await store.claim({ ...request, claim: "ahead" });
    clock.setWallClock(Date.UTC(2026, 0, 1));
    expect((await store.claim({ ...request, claim: "now" })).kind).toBe("claimed");
  });

  it("come with the store, and outlive it", async () => {
    const first = sqliteStore(join(directory, "store.db"));
    const letter = letterIn("q");
    await first.deadLetters?.add(letter, 10);
    await first.close();
    const again = sqliteStore(join(directory, "store.db"));
    expect(await again.deadLetters?.get("q", letter.id)).toMatchObject(letter);
    await again.close();
  });
});
