import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliError, UsageError } from "../../src/cli/cli-error.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { ledgerCommand } from "../../src/cli/commands/ledger.ts";
import type { LedgerEntry, LedgerHead } from "../../src/stores/ledger/ledger.ts";
import { sqliteLedger } from "../../src/stores/sqlite/sqlite-ledger.ts";
import { columnsOf } from "../../src/telemetry/format-trace-text.ts";
import { runCommand } from "./support/run-command.ts";

const IDS = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const LONG =
  "connect ECONNREFUSED 10.0.0.7:443 while asking the search index for documents about the weather in Vienna";
const EVIL = "evil\x1b]0;owned\x07\x9b31m\u202egnp";
const ENTRIES: readonly LedgerEntry[] = [
  { kind: "failure", subject: "researcher", errorType: "APIError", cause: LONG, ...IDS },
  {
    kind: "transition",
    subject: "researcher",
    from: "closed",
    to: "open",
    cause: LONG,
    payload: { reason: "failures" },
    ...IDS,
  },
  { kind: "failure", subject: "writer", errorType: "TimeoutError", cause: "timed out" },
  {
    kind: "transition",
    subject: "researcher",
    from: "open",
    to: "forced_open",
    actor: "jane",
    payload: { reason: "forced" },
  },
  { kind: "failure", subject: EVIL, errorType: EVIL, cause: `モデルが過負荷です ${EVIL}` },
];

describe("agent-otel ledger", () => {
  let directory: string;
  let file: string;
  let head: LedgerHead;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-"));
    file = join(directory, "ledger.db");
    let now = Date.parse("2026-11-20T10:15:00Z");
    const clock = { now: () => (now += 1_000), monotonic: () => performance.now() };
    const ledger = sqliteLedger({ path: file, groupMs: 0, clock });
    for (const entry of ENTRIES) await ledger.append(entry);
    head = await ledger.head();
    await ledger.close();
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  const run = (...args: readonly string[]) => runOn({}, ...args, "--db", file);

  it("sums up each breaker: its failures, transitions, last state and last row", async () => {
    expect(await run("summary")).toEqual({
      code: 0,
      err: "",
      out: [
        "5 rows from 2026-11-20 10:15:01Z to 2026-11-20 10:15:05Z",
        "3 failure, 2 transition",
        "",
        "BREAKER                                 STATE        FAILURES  TRANSITIONS  LAST ROW",
        "researcher                              forced_open         1            2  2026-11-20 10:15:04Z",
        "evil\\x1b]0;owned\\x07\\x9b31m\\u{202e}gnp                      1            0  2026-11-20 10:15:05Z",
        "writer                                                      1            0  2026-11-20 10:15:03Z",
        "",
      ].join("\n"),
    });
  });

  it("lists failures newest first, of one breaker, and as many as wanted", async () => {
    const { out } = await run("failures");
    expect(out.split("\n").map((line) => line.trim().split(" ")[0])).toEqual(["SEQ", "5", "3", "1", ""]);
    expect(out).toMatch(
      /^ +1 {2}2026-11-20 10:15:01Z {2}researcher +APIError +connect ECONN.* 0af7651916cd43dd8448eb211c80319c$/m,
    );
    expect((await run("failures", "--breaker", "writer")).out.match(/^ +\d+/gm)).toHaveLength(1);
    expect((await run("failures", "--limit", "2")).out.match(/^ +\d+/gm)).toHaveLength(2);
  });

  it("lists transitions with what they came of, and who did them", async () => {
    const { out } = await run("transitions", "--breaker", "researcher");
    expect(out).toMatch(/researcher {2}open {4}forced_open {2}forced by jane$/m);
    expect(out).toMatch(/researcher {2}closed {2}open {9}failures: connect ECONNREFUSED/m);
  });

  it("says so where there is nothing to list", async () => {
    expect(await run("failures", "--breaker", "nobody")).toMatchObject({ code: 0, out: "No failures.\n" });
    expect(await run("transitions", "--breaker", "nobody")).toMatchObject({
      code: 0,
      out: "No transitions.\n",
    });
  });

  it.each([60, 80, 120])("fits a terminal of %i columns", async (columns) => {
    for (const verb of ["failures", "transitions"]) {
      const { out } = await runOn({ columns }, verb, "--db", file);
      const widths = out.split("\n").map(columnsOf);
      expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
      // Nothing is cut that there is room for.
      expect(Math.max(...widths)).toBeGreaterThan(columns - 8);
    }
  });

  it.each(["summary", "failures", "transitions", "verify"])(
    "prints nothing that a terminal obeys: %s, as text and as JSON",
    async (verb) => {
      for (const json of [[], ["--json"]]) {
        const { out } = await run(verb, ...json);
        expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    },
  );

  it("has colours only where they are wanted", async () => {
    expect((await run("summary")).out).not.toContain("\x1b");
    expect((await run("summary", "--color")).out).toContain("\x1b[31mforced_open");
    expect((await runOn({ color: true }, "summary", "--no-color", "--db", file)).out).not.toContain("\x1b");
  });

  it("gives rows as they are in the ledger with --json, one on a line", async () => {
    const { out } = await run("failures", "--json");
    const rows = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as LedgerEntry);
    expect(rows.map(({ subject }) => subject)).toEqual([EVIL, "writer", "researcher"]);
    expect(rows[2]).toMatchObject({ ...ENTRIES[0], seq: 1, atMs: Date.parse("2026-11-20T10:15:01Z") });
    expect(JSON.parse((await run("summary", "--json")).out)).toMatchObject({
      rows: 5,
      subjects: [{ subject: "researcher", failures: 1, transitions: 2, lastState: "forced_open" }, {}, {}],
    });
  });

  it("verifies: prints rows and head, which is an anchor for the next time", async () => {
    const anchor = `${head.seq}:${head.hash}`;
    const { code, out, err } = await run("verify");
    expect({ code, out }).toEqual({ code: 0, out: `Valid: 5 rows.\nHead: ${anchor}\n` });
    expect(err).toContain("--anchor");
    expect(await run("verify", "--anchor", anchor)).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse((await run("verify", "--json")).out)).toEqual({ valid: true, rows: 5, head });
  });

  it("leaves with 1 and names the first break when the ledger was changed", async () => {
    const path = join(directory, "changed.db");
    const ledger = sqliteLedger({ path, groupMs: 0 });
    for (const entry of ENTRIES) await ledger.append(entry);
    await ledger.close();
    const db = new DatabaseSync(path);
    db.exec("DROP TRIGGER ledger_no_update; UPDATE ledger SET cause = 'nothing' WHERE seq = 3");
    db.close();
    expect(await runOn({}, "verify", "--db", path)).toEqual({
      code: 1,
      err: "",
      out: "Broken at row 3 (changed_row): a field of it is not what its hash says. Rows before it that are right: 2.\n",
    });
    const json = await runOn({}, "verify", "--json", "--db", path);
    expect({ code: json.code, ...JSON.parse(json.out) }).toEqual({
      code: 1,
      valid: false,
      rows: 2,
      firstBreak: { kind: "changed_row", seq: 3 },
    });
  });

  it("shows by an anchor that the end was cut off", async () => {
    const { code, out } = await run("verify", "--anchor", `9:${head.hash}`);
    expect(code).toBe(1);
    expect(out).toMatch(/^Broken at row 6 \(truncated\)/);
  });

  it("fails where there is no file, and makes none", async () => {
    const path = join(directory, "nowhere", "ledger.db");
    await expect(runOn({}, "summary", "--db", path)).rejects.toThrow(
      `there is no ledger in ${path}: no such file`,
    );
    expect(existsSync(join(directory, "nowhere"))).toBe(false);
    expect(readdirSync(directory)).not.toContain("nowhere");
  });

  it("fails on a file that is no database, and on one of a newer version", async () => {
    const path = join(directory, "other.db");
    writeFileSync(path, "not a database at all");
    await expect(runOn({}, "summary", "--db", path)).rejects.toThrow(/is not a SQLite database/);
    const newer = join(directory, "newer.db");
    const db = new DatabaseSync(newer);
    db.exec(`PRAGMA application_id = ${0x414f544c}; PRAGMA user_version = 999`);
    db.close();
    const failing = runOn({}, "verify", "--db", newer);
    await expect(failing).rejects.toBeInstanceOf(CliError);
    await expect(failing).rejects.toThrow(/^Store ".*" has schema version 999/);
  });

  it("fails with the reason where a server cannot be reached, and without the password", async () => {
    const failing = runOn({}, "summary", "--db", "postgres://jane:hunter2@127.0.0.1:1/db");
    await expect(failing).rejects.toBeInstanceOf(CliError);
    await expect(failing).rejects.toThrow(
      'Store "postgres://jane@127.0.0.1:1/db" cannot be reached: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  it.each([
    [[], "ledger needs one of: summary, failures, transitions, verify"],
    [["nope"], 'there is no "ledger nope"'],
    [["constructor"], 'there is no "ledger constructor"'],
    [["summary", "more"], 'takes options only, not "more"'],
    [["summary", "--limit", "3"], "ledger summary takes no --limit"],
    [["verify", "--breaker", "a"], "ledger verify takes no --breaker"],
    [["failures", "--limit", "0"], '--limit must be a whole number from 1 to 10000, got "0"'],
    [["failures", "--limit", "1e3"], 'got "1e3"'],
    [["failures", "--limit", "10001"], 'got "10001"'],
    [["failures", "--breaker", ""], "--breaker must be a name"],
    [["verify", "--anchor", "5"], "--anchor must be SEQ:HASH"],
    [["failures", "--nope"], "Unknown option '--nope'"],
    [["summary", "--db", ":memory:"], '--db must be a plain path, got ":memory:"'],
    [["summary", "--db", "postgres://a:b/c@host/db"], "--db must look like postgres://user:password@host"],
  ])("says what is wrong with %j", async (args, message) => {
    const failing = runOn({}, ...args);
    await expect(failing).rejects.toBeInstanceOf(UsageError);
    await expect(failing).rejects.toThrow(message);
  });
});

function runOn(terminal: Partial<Terminal>, ...args: readonly string[]) {
  return runCommand(ledgerCommand, terminal, args);
}
