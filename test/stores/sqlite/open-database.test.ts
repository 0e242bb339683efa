import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSqlite } from "../../../src/stores/sqlite/load-sqlite.ts";
import { migrate } from "../../../src/stores/sqlite/migrate.ts";
import { MIGRATIONS } from "../../../src/stores/sqlite/migrations.ts";
import { openDatabase } from "../../../src/stores/sqlite/open-database.ts";
import { sqliteLedger } from "../../../src/stores/sqlite/sqlite-ledger.ts";
import { immediate } from "../../../src/stores/sqlite/transaction.ts";

const NOW = MIGRATIONS.length;
const NEXT = NOW + 1;
const LATER = [...MIGRATIONS, { version: NEXT, sql: "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT" }];

describe("opening the database", () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-sqlite-"));
    path = join(directory, "data", "deep", "agent-otel.db");
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it("makes nothing before the first write, not even to read", async () => {
    const ledger = sqliteLedger({ path });
    await ledger.read();
    await ledger.verify();
    await ledger.close();
    expect(existsSync(join(directory, "data"))).toBe(false);
  });

  it("makes folders and files that are the user's alone", async () => {
    const ledger = sqliteLedger({ path });
    await ledger.append({ kind: "failure", subject: "a" });
    const modes = [
      join(directory, "data"),
      join(directory, "data", "deep"),
      path,
      `${path}-wal`,
      `${path}-shm`,
    ];
    expect(modes.map((name) => (statSync(name).mode & 0o777).toString(8))).toEqual([
      "700",
      "700",
      "600",
      "600",
      "600",
    ]);
    await ledger.close();
  });

  it("leaves the mode of a folder and a file that are there", () => {
    mkdirSync(join(directory, "data", "deep"), { recursive: true });
    writeFileSync(path, "");
    chmodSync(path, 0o640);
    openDatabase(path).close();
    expect((statSync(path).mode & 0o777).toString(8)).toBe("640");
  });

  it("opens with WAL, full durability, a lock that is waited for, and no doors", () => {
    const db = openDatabase(path);
    const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0];
    expect(pragma("journal_mode")).toBe("wal");
    expect(pragma("synchronous")).toBe(2);
    expect(pragma("busy_timeout")).toBe(5_000);
    expect(pragma("trusted_schema")).toBe(0);
    expect(() => db.prepare('SELECT "text"')).toThrow("no such column");
    expect(() => db.enableLoadExtension(true)).toThrow("Cannot enable extension loading");
    db.exec("PRAGMA journal_mode = OFF");
    expect(pragma("journal_mode")).toBe("wal");
    db.exec("PRAGMA writable_schema = ON");
    expect(() => db.exec("DELETE FROM sqlite_schema")).toThrow("may not be modified");
    db.close();
  });

  it("aborts changes, deletions and replacements of a ledger row", async () => {
    const ledger = sqliteLedger({ path });
    await ledger.append({ kind: "failure", subject: "a" });
    const db = openDatabase(path);
    for (const sql of [
      "UPDATE ledger SET subject = 'b'",
      "DELETE FROM ledger",
      "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
      "REPLACE INTO ledger (seq, at_ms, kind, subject, prev_hash, hash) VALUES (1, 1, 'k', 's', 'p', 'h')",
    ])
      expect(() => db.exec(sql), sql).toThrow("the ledger is append-only");
    db.close();
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: 1 });
    await ledger.close();
  });

  it.each([
    ["a text file", "not a database, but long enough to have a header of one hundred bytes ".repeat(9)],
    ["a short file", "x"],
    ["a header with nothing right behind it", `SQLite format 3\0${"x".repeat(4_096)}`],
  ])("refuses %s, and leaves it as it is", async (_, content) => {
    path = join(directory, "file.db");
    writeFileSync(path, content);
    const ledger = sqliteLedger({ path, policy: "fail_closed" });
    const refusal = {
      code: "store_unusable",
      path,
      message: `Store "${path}" is not a SQLite database; it was left as it is`,
    };
    await expect(ledger.append({ kind: "failure", subject: "a" })).rejects.toMatchObject(refusal);
    await expect(ledger.read()).rejects.toMatchObject(refusal);
    await expect(ledger.summary()).rejects.toMatchObject(refusal);
    await expect(ledger.verify()).rejects.toMatchObject(refusal);
    await ledger.close();
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("refuses a directory", () => {
    expect(() => openDatabase(directory)).toThrow(
      expect.objectContaining({
        code: "store_unusable",
        message: `Store "${directory}" is a directory; name a file`,
      }),
    );
  });

  it("refuses a path below a file", () => {
    writeFileSync(join(directory, "file"), "");
    expect(() => openDatabase(join(directory, "file", "x", "a.db"))).toThrow(
      /^Store ".*a\.db" cannot be opened: ENOTDIR/,
    );
  });

  it("refuses another program's database, and leaves it as it is", () => {
    path = join(directory, "other.db");
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE theirs (a)");
    other.close();
    const before = readFileSync(path);
    expect(() => openDatabase(path)).toThrow(
      expect.objectContaining({
        code: "store_unusable",
        message: expect.stringContaining("another program"),
      }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it("refuses a newer schema, names both versions, and leaves the file as it is", () => {
    openDatabase(path, LATER).close();
    const before = readFileSync(path);
    expect(() => openDatabase(path)).toThrow(
      expect.objectContaining({
        code: "store_too_new",
        path,
        foundVersion: NEXT,
        knownVersion: NOW,
        message: `Store "${path}" has schema version ${NEXT}, and this agent-otel knows versions up to ${NOW}: update agent-otel, or name another file`,
      }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it("brings an older schema up to date, and keeps its rows", async () => {
    const ledger = sqliteLedger({ path });
    await ledger.append({ kind: "failure", subject: "a" });
    await ledger.close();
    const db = openDatabase(path, LATER);
    expect(db.prepare("SELECT count(*) AS rows FROM ledger").get()).toEqual({ rows: 1 });
    expect(db.prepare("SELECT count(*) AS rows FROM later").get()).toEqual({ rows: 0 });
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: NEXT });
    db.close();
  });

  it("leaves the schema as it was when a step fails half way", () => {
    const db = openDatabase(path);
    const bad = [...MIGRATIONS, { version: NEXT, sql: "CREATE TABLE half (a); CREATE TABLE ledger (a)" }];
    expect(() => migrate(db, path, bad)).toThrow("already exists");
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: NOW });
    db.close();
  });

  it("does nothing where another process was first", () => {
    const [first, second] = [openDatabase(path), openDatabase(path)];
    migrate(first, path, LATER);
    migrate(second, path, LATER);
    expect(second.prepare("PRAGMA user_version").get()).toEqual({ user_version: NEXT });
    first.close();
    second.close();
  });

  it("leaves a schema alone that a newer process has made in the meantime", () => {
    const [newer, older] = [openDatabase(path, LATER), new DatabaseSync(path)];
    expect(() => migrate(older, path)).toThrow(expect.objectContaining({ code: "store_too_new" }));
    expect(newer.prepare("PRAGMA user_version").get()).toEqual({ user_version: NEXT });
    newer.close();
    older.close();
  });

  it("takes the write lock before it reads, so that nobody writes in between", () => {
    const [first, second] = [openDatabase(path), openDatabase(path)];
    second.exec("PRAGMA busy_timeout = 0");
    immediate(first, () => expect(() => second.exec("BEGIN IMMEDIATE")).toThrow("database is locked"));
    expect(() => immediate(second, () => {})).not.toThrow();
    first.close();
    second.close();
  });

  it("numbers its migrations from 1 without gaps", () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
  });

  it("names the need where Node has no SQLite", () => {
    expect(() => loadSqlite("/data/a.db", () => undefined)).toThrow(
      expect.objectContaining({
        code: "store_unusable",
        message: `Store "/data/a.db" needs the module node:sqlite, which is part of Node.js 22.15 and later; this is ${process.version}`,
      }),
    );
  });
});
