import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { traceCommand } from "../../src/cli/commands/trace.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { runCommand } from "./support/run-command.ts";
import { runOf, telemetryFile } from "./support/telemetry.ts";

const OLD = "aaaa0000000000000000000000000001";
const NEW = "aaaa0000000000000000000000000002";
const OTHER = "bbbb0000000000000000000000000003";

const run = (...args: readonly string[]) => runCommand(traceCommand, {}, args);

const filled = () =>
  telemetryFile([
    ...runOf(OLD, "old", { agoMs: 50_000 }),
    ...runOf(NEW, "new", { agoMs: 10_000 }),
    ...runOf(OTHER, "other", { agoMs: 30_000 }),
  ]);

describe("agent-otel trace, of what dev has received", () => {
  it("shows the trace whose id begins so, in any case of letters", async () => {
    const { code, out, err } = await run("BBBB", "--telemetry", await filled());
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(new RegExp(`^Trace ${OTHER} — .* — 1 call`));
    expect(out).toMatch(/^invoke_agent other/m);
    expect(out).toMatch(/chat gpt-4o-mini .*\$0\.00021/);
  });

  it("takes hex digits that name no file for the id of the default database", async () => {
    await expect(run("abcd1234")).rejects.toThrow(/there is no telemetry in .*telemetry\.db: no such file/);
    const folder = await temporaryFolder();
    await expect(run(join(folder, "abcd1234"))).rejects.toThrow("no such file");
    writeFileSync(join(folder, "beef"), "");
    await expect(run(join(folder, "beef"))).rejects.toThrow("holds no spans");
  });

  it("shows the newest where only the database is named", async () => {
    expect((await run("--db", await filled())).out).toContain(`Trace ${NEW}`);
  });

  it("names what there is where none or several begin so", async () => {
    const path = await filled();
    await expect(run("aaaa", "--telemetry", path)).rejects.toThrow(
      new RegExp(`^2 traces in ${path} start with "aaaa"; give more digits:\n${NEW} .*\n${OLD} .*$`),
    );
    await expect(run("cccc", "--telemetry", path)).rejects.toThrow(
      new RegExp(`^no trace in ${path} starts with "cccc"; it has:\n${NEW} .*\n${OTHER} .*\n${OLD} .*$`),
    );
    await expect(run("c".repeat(32), "--telemetry", path)).rejects.toThrow(
      `there is no trace ${"c".repeat(32)} in ${path}`,
    );
    const empty = await telemetryFile([]);
    await expect(run("--telemetry", empty)).rejects.toThrow(`there are no traces in ${empty} yet`);
  });

  it("lists the newest first, as text and as JSON, up to a limit", async () => {
    const path = await filled();
    const { out } = await run("--list", "--telemetry", path);
    expect(out.split("\n").map((line) => line.slice(0, 32))).toEqual([NEW, OTHER, OLD, ""]);
    const json = (await run("--list", "--limit", "2", "--json", "--telemetry", path)).out;
    const rows = json
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { trace_id: string; cost_usd: number });
    expect(rows).toMatchObject([
      { trace_id: NEW, model_calls: 1, cost_usd: 0.00021 },
      { trace_id: OTHER, spans: 2 },
    ]);
    expect((await run("--list", "--telemetry", await telemetryFile([]))).out).toBe("No traces yet.\n");
  });

  it("lists more than a page of the store", async () => {
    const ids = Array.from({ length: 700 }, (_, n) => n.toString(16).padStart(32, "f"));
    const path = await telemetryFile(ids.flatMap((id, n) => runOf(id, "many", { agoMs: n * 10 })));
    const { out } = await run("--list", "--limit", "650", "--telemetry", path);
    expect(new Set(out.trimEnd().split("\n")).size).toBe(650);
  });

  it("gives the spans as JSON, with times as text", async () => {
    const { out } = await run(OTHER, "--json", "--telemetry", await filled());
    const spans = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(spans).toMatchObject([
      { name: "invoke_agent other", kind: "INTERNAL", startNs: expect.stringMatching(/^\d{19}$/) },
      { name: "chat gpt-4o-mini", kind: "CLIENT" },
    ]);
  });

  it.each([
    [["--all", "--db", "x.db"], "--all needs a FILE"],
    [["spans.jsonl", "aaaa", "--db", "x.db"], "give a FILE or --telemetry, not both"],
    [["spans.jsonl", "--db", "x.db"], 'a TRACE_ID has up to 32 hex digits, got "spans.jsonl"'],
    [["aaaa", "--list"], "give a TRACE_ID, --all or --list, not two of them"],
    [["aaaa", "--limit", "2"], "--limit is for --list"],
    [["--db", "x.db", "--telemetry", "x.db"], "give one of --telemetry and --db, not both"],
  ])("says what is wrong with %j", async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });
});
