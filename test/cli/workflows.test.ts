import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliError, UsageError } from "../../src/cli/cli-error.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { workflowsCommand } from "../../src/cli/commands/workflows.ts";
import { keyHash } from "../../src/internal/check-key.ts";
import type { CheckpointStore, ClaimRequest } from "../../src/stores/checkpoints/checkpoint-store.ts";
import { fileCheckpoints } from "../../src/stores/file/file-checkpoints.ts";
import { sqlCheckpoints } from "../../src/stores/sql/sql-checkpoints.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { sqliteSql } from "../../src/stores/sqlite/sqlite-sql.ts";
import { columnsOf } from "../../src/telemetry/format-trace-text.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { claimOf, holdOf } from "../faults/support/checkpoint-claims.ts";
import { runCommand } from "./support/run-command.ts";

const EVIL = "evil\x1b]0;owned\x07\x9b31m\u202egnp";
const SECRET = "4111 1111 1111 1111";
const PROGRAM = JSON.stringify({ version: "2", steps: ["read", "pay", "mail"] });
const FAILURE = JSON.stringify({
  step: "pay",
  stepIndex: 1,
  attempts: 3,
  errorType: "PaymentError",
  message: "no money on the card",
});
const TRACE = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";

/** Four runs: one that failed, one that is worked on, one that is done, one with names that a terminal would obey. */
async function fill(store: CheckpointStore, clock: ManualClock): Promise<void> {
  const begin = async (id: string, some: Partial<ClaimRequest> = {}) => {
    clock.advance(1_000);
    return holdOf(await store.claim(claimOf({ id, program: PROGRAM, owner: "me", ...some })));
  };
  const commit = (hold: { id: string; epoch: number }, seq: number, name: string, output: object) =>
    store.commit(hold, { seq, name, output: JSON.stringify(output), attempts: seq + 1 });
  const failed = await begin("orders/7", { trace: TRACE, initial: `{"card":"${SECRET}","tries":1}` });
  await commit(failed, 0, "read", { tries: 2, order: { total: 12 } });
  clock.advance(1_000);
  await store.end(failed, "failed", FAILURE);
  await begin("orders/8", { leaseMs: 86_400_000 });
  const done = await begin("reports/1", { workflow: "reports" });
  await store.end(done, "completed");
  const evil = await begin(EVIL, {
    workflow: EVIL,
    owner: EVIL,
    program: JSON.stringify({ steps: [EVIL, EVIL] }),
  });
  await commit(evil, 0, EVIL, { [EVIL]: EVIL });
  await store.end(evil, "failed", JSON.stringify({ step: EVIL, errorType: EVIL, message: EVIL }));
}

const directory = mkdtempSync(join(tmpdir(), "agent-otel-cli-"));
afterAll(() => rmSync(directory, { recursive: true }));

const PLACES = [
  ["a database", ["--db", join(directory, "runs.db")]],
  ["files", ["--files", join(directory, "runs")]],
] as const;

beforeAll(async () => {
  const clock = new ManualClock(at("10:15:00"));
  const inFile = sqliteSql(new SqliteFile(PLACES[0][1][1]), "full", clock);
  await fill(sqlCheckpoints(inFile), clock);
  await inFile.close();
  const filesClock = new ManualClock(at("10:15:00"));
  await fill(fileCheckpoints(join(PLACES[1][1][1], "checkpoints"), filesClock), filesClock);
});

describe.each(PLACES)("agent-otel workflows in %s", (_, place) => {
  const run = (...args: readonly string[]) => runOn({}, ...args, ...place);

  it("lists runs, the last changed first", async () => {
    const { code, out, err } = await run("list");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual([
      "ID",
      "evil\\x1b]0;owned\\x07\\x9b31m\\u{202e}gnp",
      "reports/1",
      "orders/8",
      "orders/7",
    ]);
    expect(lines[0]).toMatch(/^ID +WORKFLOW +STATUS +CHANGED +LEASE +FAILURE$/);
    expect(lines.at(-1)).toMatch(
      /^orders\/7 +refunds +failed +2026-11-20 10:15:02Z +PaymentError: no money on the card \(in step pay\)$/,
    );
    expect(lines.at(-2)).toMatch(/^orders\/8 +refunds +running +2026-11-20 10:15:03Z +over$/);
  });

  it("lists runs of a workflow, of a status, and as many as wanted", async () => {
    const ids = async (...args: readonly string[]) =>
      (await run("list", "--json", ...args)).out
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(await ids("--workflow", "refunds")).toEqual(["orders/8", "orders/7"]);
    expect(await ids("--status", "failed")).toEqual([EVIL, "orders/7"]);
    expect(await ids("--workflow", "refunds", "--status", "failed")).toEqual(["orders/7"]);
    expect(await ids("--limit", "2")).toEqual([EVIL, "reports/1"]);
    expect((await run("list", "--limit", "2")).err).toContain("--limit");
    expect(await run("list", "--workflow", "nobody's")).toMatchObject({ code: 0, out: "No runs.\n" });
  });

  it("shows a run: its steps, why it failed, and what comes next", async () => {
    const { code, out } = await run("show", "orders/7");
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        "id        orders/7",
        "workflow  refunds, version 2",
        "status    failed",
        "failure   PaymentError: no money on the card (in step pay)",
        "begun     2026-11-20 10:15:01Z",
        "changed   2026-11-20 10:15:02Z",
        "trace     0af7651916cd43dd8448eb211c80319c (span b7ad6b7169203331)",
        "steps     1 of 3",
        "next      pay",
        "",
        "STEP  NAME  ATTEMPTS  KEPT",
        "   1  read         1  2026-11-20 10:15:01Z",
        "",
      ].join("\n"),
    });
  });

  it("shows who works on a run", async () => {
    const { out } = await run("show", "orders/8");
    expect(out).toMatch(/^owner {5}me, epoch 1, lease over for /m);
    expect(out).toMatch(/^next {6}read$/m);
  });

  it("shows no payload, unless the state is asked for", async () => {
    for (const args of [["list"], ["show", "orders/7"]])
      for (const json of [[], ["--json"]]) expect((await run(...args, ...json)).out).not.toContain(SECRET);
    const state = { card: SECRET, tries: 2, order: { total: 12 } };
    const { out } = await run("show", "orders/7", "--state");
    expect(JSON.parse(out.split("\nSTATE\n")[1]!)).toEqual(state);
    expect(JSON.parse((await run("show", "orders/7", "--state", "--json")).out)).toMatchObject({ state });
  });

  it("gives a run as JSON on one line", async () => {
    const { out } = await run("show", "orders/7", "--json");
    expect(out.trimEnd()).not.toContain("\n");
    expect(JSON.parse(out)).toEqual({
      id: "orders/7",
      workflow: "refunds",
      status: "failed",
      createdAtMs: at("10:15:01"),
      updatedAtMs: at("10:15:02"),
      owner: "me",
      epoch: 1,
      crashes: 0,
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      failure: { step: "pay", error: "PaymentError", message: "no money on the card" },
      version: "2",
      programSteps: ["read", "pay", "mail"],
      steps: [{ name: "read", attempts: 1, atMs: at("10:15:01") }],
      nextStep: "pay",
    });
  });

  it("prints nothing that a terminal obeys, as text and as JSON", async () => {
    for (const args of [["list"], ["show", EVIL], ["show", EVIL, "--state"]])
      for (const json of [[], ["--json"]]) {
        const { out } = await run(...args, ...json);
        expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(out).toContain("evil");
      }
    const failing = run("show", `${EVIL}!`);
    await expect(failing).rejects.not.toThrow(/[\p{Cc}\p{Cf}]/u);
  });

  it("has colours only where they are wanted", async () => {
    expect((await run("list")).out).not.toContain("\x1b");
    expect((await run("list", "--color")).out).toContain("\x1b[31mfailed");
    expect((await run("show", "orders/7", "--color")).out).toContain("\x1b[31mfailed\x1b[0m");
    expect((await runOn({ color: true }, "list", "--no-color", ...place)).out).not.toContain("\x1b");
  });

  it.each([70, 80, 120])("fits a terminal of %i columns", async (columns) => {
    const { out } = await runOn({ columns }, "list", ...place);
    expect(Math.max(...out.split("\n").map(columnsOf))).toBeLessThanOrEqual(columns);
    expect(out).toContain("orders/7");
  });

  it("cancels a run, and says what it was", async () => {
    expect(await run("cancel", "orders/8")).toEqual({
      code: 0,
      err: "",
      out: "Cancelled. Who works on it now keeps no further step.\n",
    });
    expect((await run("show", "orders/8")).out).toMatch(/^status {4}cancelled$/m);
    expect(await run("cancel", "orders/8")).toMatchObject({ code: 0, out: "It was cancelled before.\n" });
  });

  it("reopens a run that was cancelled, and says what it was", async () => {
    expect(await run("reopen", "orders/8")).toMatchObject({
      code: 0,
      out: "Reopened; it was cancelled. The next execute goes on with it.\n",
    });
    expect((await run("show", "orders/8")).out).toMatch(/^status {4}running/m);
    const json = await run("reopen", "orders/7", "--json");
    expect(JSON.parse(json.out)).toEqual({ id: "orders/7", before: "failed", reopened: false });
    expect(await run("reopen", "reports/1")).toMatchObject({ code: 1 });
  });

  it("leaves with 1 where a run has completed, which it stays", async () => {
    expect(await run("cancel", "reports/1")).toMatchObject({
      code: 1,
      out: "It has completed, and stays so.\n",
    });
    const json = await run("cancel", "reports/1", "--json");
    expect(JSON.parse(json.out)).toEqual({ id: "reports/1", before: "completed", cancelled: false });
  });

  it.each([["show"], ["cancel"], ["reopen"]])("fails where there is no such run: %s", async (verb) => {
    const failing = run(verb, "nobody/1");
    await expect(failing).rejects.toBeInstanceOf(CliError);
    await expect(failing).rejects.toThrow('there is no workflow run "nobody/1"');
  });

  it("says what is wrong with an id", async () => {
    await expect(run("show", "x".repeat(4_097))).rejects.toThrow(UsageError);
  });
});

describe("agent-otel workflows", () => {
  it("fails where there is no file or folder, and makes none", async () => {
    for (const [option, name] of [
      ["--db", "nowhere.db"],
      ["--files", "nowhere"],
    ] as const) {
      const path = join(directory, name);
      await expect(runOn({}, "list", option, path)).rejects.toThrow(CliError);
      expect(existsSync(path)).toBe(false);
    }
  });

  it("says where a damaged run was set aside to", async () => {
    const root = join(directory, "damaged");
    const store = fileCheckpoints(join(root, "checkpoints"));
    await store.claim(claimOf({ id: "a" }));
    writeFileSync(join(root, "checkpoints", keyHash("a"), "1", "status.json"), "{}");
    const failing = runOn({}, "show", "a", "--files", root);
    await expect(failing).rejects.toBeInstanceOf(CliError);
    await expect(failing).rejects.toThrow(
      /cannot be read: status\.json: .*; it was set aside to ".*\.damaged/,
    );
  });

  it("says so where the state cannot be read, and shows the rest", async () => {
    const path = join(directory, "state.db");
    const database = sqliteSql(new SqliteFile(path), "full");
    await sqlCheckpoints(database).claim(
      claimOf({ id: "a", initial: '{"__proto__":{"polluted":1}}', program: "{" }),
    );
    await database.close();
    expect((await runOn({}, "show", "a", "--db", path)).out).toContain("status    running");
    await expect(runOn({}, "show", "a", "--state", "--db", path)).rejects.toThrow(
      /^the state cannot be read: /,
    );
    expect("polluted" in {}).toBe(false);
  });

  it.each([
    [[], "workflows needs one of: list, show, cancel, reopen"],
    [["nope"], 'there is no "workflows nope"'],
    [["constructor"], 'there is no "workflows constructor"'],
    [["list", "more"], 'takes options only, not "more"'],
    [["show"], "workflows show needs the ID of a run"],
    [["cancel"], "workflows cancel needs the ID of a run"],
    [["show", "a", "b"], 'takes one ID, not also "b"'],
    [["list", "--state"], "workflows list takes no --state"],
    [["show", "a", "--limit", "3"], "workflows show takes no --limit"],
    [["cancel", "a", "--workflow", "b"], "workflows cancel takes no --workflow"],
    [["list", "--limit", "0"], '--limit must be a whole number from 1 to 10000, got "0"'],
    [["list", "--limit", "1e3"], 'got "1e3"'],
    [["list", "--status", "done"], "--status must be one of running, completed"],
    [["list", "--workflow", ""], "--workflow must be a name"],
    [["list", "--nope"], "Unknown option '--nope'"],
    [["list", "--db", ":memory:"], '--db must be a plain path, got ":memory:"'],
    [["list", "--db", "a.db", "--files", "b"], "either --db or --files"],
  ])("says what is wrong with %j", async (args, message) => {
    const failing = runOn({}, ...args);
    await expect(failing).rejects.toBeInstanceOf(UsageError);
    await expect(failing).rejects.toThrow(message);
  });
});

function at(time: string): number {
  return Date.parse(`2026-11-20T${time}Z`);
}

function runOn(terminal: Partial<Terminal>, ...args: readonly string[]) {
  return runCommand(workflowsCommand, terminal, args);
}
