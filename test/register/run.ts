import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ScriptedAnswer, scriptedProvider } from "../../src/testing/index.ts";
import { type Ended, runProgram } from "../pipeline/fixtures/run-program.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const register = new URL("../../src/register.ts", import.meta.url).href;

export interface Ran extends Ended {
  /** The spans that the program exported, oldest end first. */
  readonly spans: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  /** Headers of the requests that the provider got. */
  readonly headers: readonly Readonly<Record<string, string>>[];
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly answer?: ScriptedAnswer;
  /** More modules to preload, before `register`. */
  readonly preload?: readonly string[];
  readonly nodeOptions?: string;
  readonly registered?: boolean;
}

/** Runs a program of fixtures/ as `node --import agent-otel/register` does, against a provider of its own. */
export async function run(file: string, options: RunOptions = {}): Promise<Ran> {
  const { args = [], env = {}, answer = {}, preload = [], nodeOptions = "", registered = true } = options;
  await using provider = await scriptedProvider({ respond: () => answer });
  const traceFile = join(await temporaryFolder(), "trace.jsonl");
  const imports = [...preload.map(fixture), ...(registered ? [register] : [])];
  using program = runProgram(fixture(file), args, {
    NODE_OPTIONS: [...imports.map((url) => `--import=${url}`), nodeOptions].join(" "),
    PROVIDER_URL: provider.url,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    AGENT_OTEL_TRACE_FILE: traceFile,
    ...env,
  });
  const ended = await program.ended;
  const lines = (await readFile(traceFile, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  return {
    ...ended,
    // Its lines about finished agents are no complaint.
    diag: ended.diag.filter((line) => !line.includes(" INFO agent-otel: ")),
    spans: lines.flatMap(spansOf),
    headers: provider.requests.map(({ headers }) => headers),
  };
}

function fixture(file: string): string {
  return new URL(`fixtures/${file}`, import.meta.url).href;
}

interface ExportedSpan {
  readonly name: string;
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: Readonly<Record<string, unknown>>;
  }[];
}

function spansOf(line: string): Ran["spans"] {
  const request = JSON.parse(line) as {
    resourceSpans: readonly { scopeSpans: readonly { spans: readonly ExportedSpan[] }[] }[];
  };
  return request.resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map(({ name, attributes = [] }) => ({
      name,
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    }));
}
