import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { scriptedProvider } from "../../../src/testing/index.ts";
import { root } from "../../contract/source-files.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const run = promisify(execFile);

export interface SpanSeen {
  readonly name: string;
  readonly agent: unknown;
  readonly inputTokens: unknown;
  readonly cost: unknown;
}

export interface Ran {
  /** In order of their ends. */
  readonly spans: readonly SpanSeen[];
  /** What telemetry said on stderr. */
  readonly warnings: readonly string[];
  /** Requests that the provider got. */
  readonly requests: number;
}

export interface RunOptions {
  readonly register?: boolean;
  readonly ways?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const BUNDLES = join(root, ".stack", `bundlers-${process.pid}`);

/** A folder for a bundle, inside the checkout: what stays outside of a bundle is found from there as at a user's. */
export function bundleFolder(...name: readonly string[]): string {
  return join(BUNDLES, ...name);
}

export function removeBundles(): void {
  rmSync(BUNDLES, { recursive: true, force: true });
}

/** Runs a bundle in a process of its own against a provider of its own. */
export async function runBundle(
  file: string,
  { register = false, ways = [], env = {} }: RunOptions,
): Promise<Ran> {
  await using provider = await scriptedProvider({
    respond: () => ({ text: "they hold hands", usage: { input: 20, output: 5 } }),
  });
  const traceFile = join(await temporaryFolder(), "trace.jsonl");
  const { stderr } = await run(
    process.execPath,
    [...(register ? ["--import", "agent-otel/register"] : []), file, ...ways],
    {
      cwd: root,
      timeout: 60_000,
      env: {
        PATH: process.env["PATH"],
        PROVIDER_URL: provider.url,
        OTEL_TRACES_EXPORTER: "none",
        OTEL_METRICS_EXPORTER: "none",
        AGENT_OTEL_TRACE_FILE: traceFile,
        AGENT_OTEL_LOG: "none",
        ...env,
      },
    },
  );
  return {
    spans: spansOf(traceFile),
    warnings: stderr.split("\n").filter((line) => line !== ""),
    requests: provider.requests.length,
  };
}

interface ExportedSpan {
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** The spans of a trace file; none where there is no file. */
export function spansOf(traceFile: string): readonly SpanSeen[] {
  return linesOf(traceFile)
    .map(
      (line) =>
        JSON.parse(line) as {
          readonly resourceSpans: readonly {
            readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
          }[];
        },
    )
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(seen);
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

function seen({ name, attributes }: ExportedSpan): SpanSeen {
  const of = (key: string) => Object.values(attributes.find((each) => each.key === key)?.value ?? {})[0];
  return {
    name,
    agent: of("gen_ai.agent.name"),
    inputTokens: of("gen_ai.usage.input_tokens"),
    cost: of("gen_ai.usage.cost.amount"),
  };
}
