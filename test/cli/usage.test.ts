import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CliError, UsageError } from "../../src/cli/cli-error.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { usageCommand } from "../../src/cli/commands/usage.ts";
import { sqliteStore } from "../../src/stores/sqlite/sqlite-store.ts";
import { noCalls, noRuns } from "../../src/stores/usage/sums.ts";
import type { CallRow, UsageBatch } from "../../src/stores/usage/usage-store.ts";
import { columnsOf } from "../../src/telemetry/format-trace-text.ts";
import { runCommand } from "./support/run-command.ts";

const EVIL = "evil\x1b]0;owned\x07\x9b31m\u202egnp";
const LONG =
  "an agent whose name is so long that it does not fit into any terminal together with its numbers";
/** US dollars per million tokens. */
const PRICES = { "test-model": { input: 1, output: 10, cacheRead: 0.5, cacheWrite5m: 2 } };

function today(timeZone = "UTC"): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date());
}

function callRow(changes: Partial<CallRow>): CallRow {
  return { day: today(), agent: "writer", provider: "openai", model: "gpt-4o", ...noCalls(), ...changes };
}

const WRITER = {
  calls: 300_000,
  inputTokens: 3_000_000_000,
  outputTokens: 100_000_000,
  cacheReadTokens: 1_000_000_000,
  cacheWriteTokens: 500_000_000,
  reasoningTokens: 50_000_000,
  costNanoUsd: 5_500_000_000_000,
};

describe("agent-otel usage", () => {
  let directory: string;
  let file: string;

  const fill = async (name: string, batch: Partial<UsageBatch>) => {
    const path = join(directory, name);
    const store = sqliteStore(path);
    await store.usage?.add({ calls: [], conversations: [], runs: [], ...batch });
    await store.close();
    return path;
  };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-"));
    writeFileSync(join(directory, "prices.json"), JSON.stringify(PRICES));
    const boss = { calls: 2, inputTokens: 10, outputTokens: 10, unpricedCalls: 2 };
    file = await fill("usage.db", {
      calls: [
        callRow(WRITER),
        callRow({ agent: "boss", provider: "", model: "mystery", ...boss }),
        callRow({ day: "2020-01-01", calls: 7, costNanoUsd: 1e9 }),
      ],
      conversations: [{ day: today(), conversation: "c1", ...noCalls(), calls: 3, costNanoUsd: 5e9 }],
      runs: [
        { day: today(), kind: "agent", name: "writer", caller: "boss", ...noRuns(), runs: 4, ownCalls: 9 },
        {
          day: today(),
          kind: "agent",
          name: "boss",
          caller: "",
          ...noRuns(),
          runs: 1,
          subtreeCostNanoUsd: 7e9,
        },
        { day: today(), kind: "workflow", name: "report", caller: "", ...noRuns(), runs: 2, subtreeCalls: 5 },
      ],
    });
  });

  afterAll(() => rmSync(directory, { recursive: true }));
  afterEach(() => {
    delete process.env["AGENT_OTEL_PRICES"];
  });

  const run = (...args: readonly string[]) => runOn({}, ...args, "--db", file);

  it("shows agents, the dearest first, with their own cost, that of all below them, and the total", async () => {
    expect(await run()).toEqual({
      code: 0,
      err: "Without a known price: 2 calls, not in COST.\n",
      out: [
        "AGENT   RUNS    CALLS         TOKENS         COST  WITH BELOW",
        "writer     4  300,000  3,100,000,000  $5,500.0000     $0.0000",
        "boss       1        2             20      $0.0000     $7.0000",
        "total         300,002  3,100,000,020  $5,500.0000",
        "",
      ].join("\n"),
    });
  });

  it.each([
    ["model", /^mystery +2 +20 +\$0\.0000$/m],
    ["provider", /^\(not known\) +2 +20 +\$0\.0000$/m],
    ["conversation", /^c1 +3 +0 +\$5\.0000$/m],
    ["caller", /^\(root\) +1 +0 +0 +\$0\.0000$/m],
    ["workflow", /^report +2 +5 +0 +\$0\.0000$/m],
  ])("groups by %s", async (by, line) => {
    expect((await run("--by", by)).out).toMatch(line);
  });

  it("has no total of workflows, since one inside another is counted in both", async () => {
    expect((await run("--by", "workflow")).out).not.toContain("total");
  });

  it("shows the day in a time zone of choice", async () => {
    // One of both is in another day than UTC, at any hour.
    for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
      const path = await fill(`${zone.replace("/", "-")}.db`, {
        calls: [callRow({ day: today(zone), calls: 1 })],
      });
      expect((await runOn({}, "--db", path, "--time-zone", zone)).out).toMatch(/^writer +1 /m);
      if (today(zone) !== today()) expect((await runOn({}, "--db", path)).out).toBe("No usage today.\n");
    }
  });

  it("says so where there is nothing to show", async () => {
    const path = await fill("empty.db", {});
    expect(await runOn({}, "--db", path, "--period", "weekly")).toEqual({
      code: 0,
      err: "",
      out: "No usage this week.\n",
    });
  });

  it("shows what the same calls would have cost on another model, cached tokens at their price", async () => {
    process.env["AGENT_OTEL_PRICES"] = join(directory, "prices.json");
    // 1.5 G fresh at $1, 1 G cached at $0.50, 0.5 G written at $2, 0.1 G answered at $10, by the million.
    const asCostUsd = 1_500 + 500 + 1_000 + 1_000;
    const { out, err } = await run("--as", "test-model");
    expect(out).toMatch(/^AGENT .* COST +AS test-model +DIFFERENCE$/m);
    expect(out).toMatch(/^writer .* \$5,500\.0000 +\$4,000\.0000 +-\$1,500\.0000$/m);
    expect(out).toMatch(/^boss .* \$0\.0000 +\$0\.00011 +\$0\.00011$/m);
    expect(out).toMatch(/^total .* \$5,500\.0000 +\$4,000\.0001 +-\$1,499\.9999$/m);
    expect(err).toContain("2 calls, not in COST, and in AS test-model");
    const [first] = (await run("--as", "test-model", "--json")).out.split("\n");
    expect(JSON.parse(first!)).toMatchObject({ name: "writer", asCostUsd, differenceUsd: asCostUsd - 5_500 });
  });

  it.each([
    // $ per million from the price list: input, cached, output. Not those for requests above 200,000 tokens.
    ["gpt-4o-mini", 2_000 * 0.15 + 1_000 * 0.075 + 100 * 0.6],
    // The reasoning is cheaper.
    ["perplexity/sonar-deep-research", 3_000 * 2 + 50 * 8 + 50 * 3],
    ["claude-sonnet-4-5", 1_500 * 3 + 1_000 * 0.3 + 500 * 3.75 + 100 * 15],
  ])("takes the list price of small requests, whatever the sum: %s", async (model, asCostUsd) => {
    const [first] = (await run("--as", model, "--json")).out.split("\n");
    expect(JSON.parse(first!)).toMatchObject({ name: "writer", asCostUsd });
  });

  it("says where the other price is not known, and does not call that free", async () => {
    // Embeddings have no price for answers.
    const { out } = await run("--as", "openai/text-embedding-3-small");
    expect(out).toMatch(/^writer .* \? +\?$/m);
  });

  it.each([60, 80])("fits a terminal of %i columns", async (columns) => {
    const path = await fill(`wide-${columns}.db`, { calls: [callRow({ agent: LONG, calls: 1 })] });
    const { out } = await runOn({ columns }, "--as", "gpt-4o-mini", "--db", path);
    expect(Math.max(...out.split("\n").map(columnsOf))).toBe(columns);
  });

  it("prints nothing that a terminal obeys, as text and as JSON", async () => {
    const path = await fill("evil.db", { calls: [callRow({ agent: EVIL, calls: 1 })] });
    for (const json of [[], ["--json"]]) {
      const { out } = await runOn({}, ...json, "--db", path);
      expect(out).toContain("evil");
      expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it("gives totals as JSON, one on a line", async () => {
    const { out } = await run("--json");
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      { name: "writer", calls: 300_000, costUsd: 5_500, runs: 4, detail: { cacheReadTokens: 1e9 } },
      { name: "boss", calls: 2, detail: { unpricedCalls: 2 }, subtree: { costUsd: 7 } },
    ]);
  });

  it("fails where there is no file, and makes none", async () => {
    const path = join(directory, "nowhere", "usage.db");
    const failing = runOn({}, "--db", path);
    await expect(failing).rejects.toThrow(`there is no usage in ${path}: no such file`);
    await expect(failing).rejects.not.toBeInstanceOf(UsageError);
    expect(existsSync(join(directory, "nowhere"))).toBe(false);
  });

  it("fails on a file that is no database, and on one of a newer version", async () => {
    const path = join(directory, "other.db");
    writeFileSync(path, "not a database at all");
    await expect(runOn({}, "--db", path)).rejects.toThrow(/is not a SQLite database/);
    const newer = join(directory, "newer.db");
    const db = new DatabaseSync(newer);
    db.exec(`PRAGMA application_id = ${0x414f544c}; PRAGMA user_version = 999`);
    db.close();
    await expect(runOn({}, "--db", newer)).rejects.toBeInstanceOf(CliError);
  });

  it("fails with the reason where a server cannot be reached, and without the password", async () => {
    const failing = runOn({}, "--db", "postgres://jane:hunter2@127.0.0.1:1/db");
    await expect(failing).rejects.toBeInstanceOf(CliError);
    await expect(failing).rejects.toThrow(/^Store "postgres:\/\/jane@127.0.0.1:1\/db" cannot be reached/);
  });

  it.each([
    [["more"], 'usage takes options only, not "more"'],
    [
      ["--by", "tool"],
      '--by must be one of agent, model, provider, workflow, conversation, caller, got "tool"',
    ],
    [["--period", "hourly"], '--period must be one of daily, weekly, monthly, got "hourly"'],
    [["--as", "no-such-model"], 'there is no price for the model "no-such-model"'],
    [["--as", " "], "--as must be the name of a model"],
    [["--as", "gpt-4o", "--by", "caller"], "--as needs the kinds of tokens, which are not known by caller"],
    [
      ["--time-zone", "Nowhere"],
      '--time-zone must be an IANA time zone such as "Europe/Berlin", got "Nowhere"',
    ],
    [["--nope"], "Unknown option '--nope'"],
    [["--db", ":memory:"], '--db must be a plain path, got ":memory:"'],
  ])("says what is wrong with %j", async (args, message) => {
    const failing = runOn({}, "--db", file, ...args);
    await expect(failing).rejects.toBeInstanceOf(UsageError);
    await expect(failing).rejects.toThrow(message);
  });
});

function runOn(terminal: Partial<Terminal>, ...args: readonly string[]) {
  return runCommand(usageCommand, terminal, args);
}
