import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanEntry } from "../../../src/stores/ledger/clean-entry.ts";
import { openDatabase } from "../../../src/stores/sqlite/open-database.ts";
import type { SqliteFile } from "../../../src/stores/sqlite/sqlite-file.ts";
import { sqliteLedger } from "../../../src/stores/sqlite/sqlite-ledger.ts";
import { sqliteLedgerDriver } from "../../../src/stores/sqlite/sqlite-ledger-driver.ts";

const PROGRAM = fileURLToPath(new URL("fixtures/record-and-exit.ts", import.meta.url));
const ENTRY = { kind: "failure", subject: "a" };

describe("a SQLite ledger in somebody's process", () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-ledger-"));
    path = join(directory, "ledger.db");
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ["end", 0],
    ["exit", 0],
    ["throw", 1],
  ])(
    "has written all that was recorded when the process ends by %s, and does not hold it up",
    async (way, code) => {
      const startedMs = performance.now();
      const child = spawn(process.execPath, [PROGRAM, path, way], { stdio: "ignore" });
      expect(await once(child, "exit")).toEqual([code, null]);
      expect(performance.now() - startedMs).toBeLessThan(8_000);
      const ledger = sqliteLedger({ path });
      expect(await ledger.verify()).toMatchObject({ valid: true, rows: 301 });
      await ledger.close();
    },
  );

  it("leaves the event loop free while another process holds the lock, and writes once it is gone", async () => {
    const ledger = sqliteLedger({ path, policy: "fail_closed", groupMs: 0 });
    await ledger.append(ENTRY);
    const other = openDatabase(path);
    other.exec("BEGIN IMMEDIATE");
    let row: unknown;
    const appended = ledger.append(ENTRY).then((got) => {
      row = got;
    });
    let longestMs = 0;
    for (const until = performance.now() + 300; performance.now() < until; ) {
      const startedMs = performance.now();
      await turn();
      longestMs = Math.max(longestMs, performance.now() - startedMs);
    }
    expect(row).toBeUndefined();
    // Far less than the 5 s that SQLite would wait in this thread.
    expect(longestMs).toBeLessThan(1_000);
    other.exec("ROLLBACK");
    other.close();
    await appended;
    expect(row).toMatchObject({ seq: 2 });
    await ledger.close();
  });

  it("never throws into a call where its file cannot be used", async () => {
    writeFileSync(path, "not a database at all");
    const ledger = sqliteLedger({ path });
    ledger.record(ENTRY);
    expect(await ledger.append(ENTRY)).toBeUndefined();
    await ledger.close();
    expect(ledger.counts()).toEqual({ waiting: 0, written: 0, dropped: 2 });
  });

  it("does not write a row twice when its COMMIT fails and was done all the same", () => {
    const db = openDatabase(path);
    const unlucky = new Proxy(db, {
      get: (target, name) =>
        name === "exec" ? (sql: string) => execThenFail(target, sql) : bound(target, name),
    });
    const file = { forWriting: () => unlucky } as unknown as SqliteFile;
    const rows = sqliteLedgerDriver(file).write([cleanEntry(ENTRY, 1)]);
    expect(rows).toMatchObject([{ seq: 1 }]);
    expect(db.prepare("SELECT count(*) AS rows FROM ledger").get()).toEqual({ rows: 1 });
    db.close();
  });
});

function execThenFail(db: DatabaseSync, sql: string): void {
  db.exec(sql);
  if (sql === "COMMIT") throw new Error("disk I/O error");
}

function bound(db: DatabaseSync, name: string | symbol): unknown {
  const value: unknown = Reflect.get(db, name, db);
  return typeof value === "function" ? value.bind(db) : value;
}
