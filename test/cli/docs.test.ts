import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Command } from "../../src/cli/command.ts";
import { deadLettersCommand } from "../../src/cli/commands/dead-letters.ts";
import { devCommand } from "../../src/cli/commands/dev.ts";
import { reportView } from "../../src/cli/commands/doctor/report.ts";
import { doctorCommand } from "../../src/cli/commands/doctor.ts";
import { graphCommand } from "../../src/cli/commands/graph.ts";
import { healthCommand } from "../../src/cli/commands/health.ts";
import { ledgerCommand } from "../../src/cli/commands/ledger.ts";
import { traceCommand } from "../../src/cli/commands/trace.ts";
import { usageCommand } from "../../src/cli/commands/usage.ts";
import { workflowsCommand } from "../../src/cli/commands/workflows.ts";
import { sqliteStore } from "../../src/stores/sqlite/sqlite-store.ts";
import { noCalls } from "../../src/stores/usage/sums.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { examine, project } from "./doctor/project.ts";
import { runCommand } from "./support/run-command.ts";
import { runOf, telemetryFile } from "./support/telemetry.ts";

const DOCS = new URL("../../docs/cli.md", import.meta.url);
const COMMANDS: readonly Command[] = [
  doctorCommand,
  devCommand,
  healthCommand,
  graphCommand,
  traceCommand,
  usageCommand,
  ledgerCommand,
  deadLettersCommand,
  workflowsCommand,
];
/** A fenced block that begins with a command line. */
const EXAMPLE = /```text\n\$ (?:npx )?agent-otel ([^\n]+)\n([\s\S]*?)```/g;
const TIME = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g;

const id = (n: number) => n.toString(16).padStart(2, "0").padEnd(32, "4bf92f3577b34da6");

/** What a small program did in the last minutes. */
async function telemetry(): Promise<string> {
  const runs = Array.from({ length: 12 }, (_, n) => {
    const agoMs = 5_000 + n * 1_000;
    const editor = runOf(id(n), "editor", { agoMs, calls: 3 });
    const [caller] = editor;
    const writer = runOf(id(n), "writer", { agoMs: agoMs + 300, caller });
    return [
      ...editor,
      ...writer,
      ...runOf(id(n), "reviewer", { agoMs: agoMs + 100, caller, failed: n % 3 === 0 }),
    ];
  });
  return telemetryFile(runs.flat());
}

async function usage(): Promise<string> {
  const path = `${await temporaryFolder()}/usage.db`;
  const store = sqliteStore(path);
  const day = new Date().toISOString().slice(0, 10);
  const row = (agent: string, calls: number, usd: number) => ({
    day,
    agent,
    provider: "openai",
    model: "gpt-4o",
    ...noCalls(),
    calls,
    inputTokens: calls * 1_200,
    outputTokens: calls * 300,
    costNanoUsd: usd * 1e9,
  });
  await store.usage?.add({
    calls: [row("writer", 42, 0.252), row("editor", 12, 0.072)],
    conversations: [],
    runs: [],
  });
  await store.close();
  return path;
}

async function doctor(): Promise<string> {
  const folder = await project({
    "package.json": JSON.stringify({ name: "app", type: "module", scripts: { start: "node app.mjs" } }),
    "app.mjs": 'import "agent-otel/register";\nimport OpenAI from "openai";\n',
  });
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4317", OTEL_TRACES_SAMPLER: "always_off" };
  const { report } = await examine(folder, { env });
  return reportView(report, false)
    .replaceAll(folder, "/home/jane/app")
    .replace(process.versions.node, "24.21.0");
}

const out = async (command: Command, ...args: readonly string[]) => (await runCommand(command, {}, args)).out;

/** What each example of the docs prints. Those that are not in here stand as they are. */
const EXAMPLES: Readonly<Record<string, () => Promise<string>>> = {
  ...Object.fromEntries(COMMANDS.map(({ name, help }) => [`${name} --help`, async () => help])),
  doctor,
  health: async () => out(healthCommand, "--telemetry", await telemetry()),
  "graph --period hourly": async () =>
    out(graphCommand, "--period", "hourly", "--telemetry", await telemetry()),
  "graph --period hourly --format mermaid": async () =>
    out(graphCommand, "--period", "hourly", "--format", "mermaid", "--telemetry", await telemetry()),
  "trace 034bf9": async () => out(traceCommand, "034bf9", "--telemetry", await telemetry()),
  "trace --list --limit 3": async () =>
    out(traceCommand, "--list", "--limit", "3", "--telemetry", await telemetry()),
  usage: async () => out(usageCommand, "--db", await usage()),
  "usage --as gpt-4o-mini": async () => out(usageCommand, "--as", "gpt-4o-mini", "--db", await usage()),
};

const withoutTimes = (text: string) => text.replace(TIME, "2026-11-21 10:15:02Z");

describe("docs/cli.md", () => {
  const text = readFileSync(DOCS, "utf8");
  const shown = [...text.matchAll(EXAMPLE)].map(([, args = "", output = ""]) => ({ args, output }));

  it("has the help of every command, and each example that can be made here", () => {
    const named = shown.map(({ args }) => args);
    expect(named).toEqual(expect.arrayContaining(Object.keys(EXAMPLES)));
  });

  it("shows what the commands print", async () => {
    const made = new Map<string, string>();
    for (const { args } of shown) {
      const make = EXAMPLES[args];
      if (make !== undefined) made.set(args, withoutTimes(await make()));
    }
    if (process.env["AGENT_OTEL_UPDATE_DOCS"] === "true") {
      const updated = text.replace(EXAMPLE, (block, args: string, output: string) => {
        const head = block.slice(0, block.length - output.length - 3);
        return `${head}${made.get(args) ?? output}\`\`\``;
      });
      writeFileSync(DOCS, updated);
      return;
    }
    for (const { args, output } of shown) if (made.has(args)) expect(output, args).toBe(made.get(args));
  });
});
