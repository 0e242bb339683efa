import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DoctorReport } from "../../../src/cli/commands/doctor/report.ts";
import { type Place, runDoctor } from "../../../src/cli/commands/doctor/run-doctor.ts";
import { VERSION } from "../../../src/internal/version.ts";
import { otlpSink } from "../../pipeline/fixtures/otlp-sink.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { runCommand } from "../support/run-command.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

type Files = Readonly<Record<string, string>>;

/** A program that is set up as it should be. */
const HEALTHY: Files = {
  "package.json": JSON.stringify({
    name: "app",
    type: "module",
    scripts: { start: "node --import agent-otel/register app.mjs" },
  }),
  "app.mjs": 'import OpenAI from "openai";\nnew OpenAI({ apiKey: "none" });\n',
  "node_modules/agent-otel/package.json": JSON.stringify({
    name: "agent-otel",
    version: VERSION,
    type: "module",
    exports: { "./register": "./register.mjs", "./package.json": "./package.json" },
  }),
  "node_modules/agent-otel/register.mjs": `import ${JSON.stringify(`${ROOT}src/register.ts`)};\n`,
};

/** Packages of ours that the program uses as well. */
const LINKED = ["openai", "@opentelemetry/api", "@opentelemetry/sdk-node", "@opentelemetry/sdk-trace"];

/** @param files Added to a healthy program, or in place of its own. @param link Packages that are there for real. */
export async function project(files: Files = {}, link: readonly string[] = LINKED): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of link) {
    const path = join(folder, "node_modules", name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), path);
  }
  for (const [name, text] of Object.entries({ ...HEALTHY, ...files })) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

export interface Asked extends Partial<Place> {
  readonly args?: readonly string[];
  /** What stands behind `--`, run in the folder. */
  readonly program?: readonly string[];
}

/** Asks doctor about a folder whose endpoint is there, unless the environment names another one. */
export async function examine(folder: string, { args = [], program, env = {}, ...place }: Asked = {}) {
  await using sink = await otlpSink();
  const { PATH = "" } = process.env;
  const where: Place = {
    folder,
    env: { PATH, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, ...env },
    nodeVersion: process.version,
    ...place,
  };
  const command = { name: "doctor", summary: "", help: "", run: ask };
  function ask(all: readonly string[], terminal: Parameters<typeof runDoctor>[1]) {
    return runDoctor(all, terminal, where);
  }
  const all = [...args, ...(program === undefined ? [] : ["--", ...program])];
  const text = await runCommand(command, {}, ["--json", ...all]);
  const report = JSON.parse(text.out) as DoctorReport;
  return { ...text, report, codes: report.findings.map(({ code }) => code), requests: sink.requests };
}

/** The one finding that a mistake makes. */
export async function theFinding(folder: string, asked: Asked = {}) {
  const { code, report } = await examine(folder, asked);
  if (code !== 1 || report.findings.length !== 1)
    throw new Error(
      `expected one finding and exit code 1, got ${code} and ${JSON.stringify(report.findings)}`,
    );
  return report.findings[0]!;
}
