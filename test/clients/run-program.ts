import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./program/play.ts";

// What is shipped, since the older Node does not run our TypeScript.
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;

export interface ModelSpan {
  readonly name: string;
  readonly failed: boolean;
  /** Milliseconds since the epoch. */
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Ran {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly spans: readonly ModelSpan[];
}

/** Runs a program of a client, with or without us. @throws Error when it does not end by itself, with what it wrote. */
export async function runClientProgram(node: string, program: string, registered: boolean): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), "agent-otel-"));
  const traceFile = join(folder, "trace.jsonl");
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(OTEL_|AGENT_OTEL_|NODE_|VITEST)/.test(name),
  );
  const args = ["--expose-gc", "--experimental-strip-types", "--disable-warning=ExperimentalWarning"];
  const child = spawn(node, [...args, ...(registered ? ["--import", REGISTER] : []), program], {
    env: {
      ...Object.fromEntries(clean),
      // Without us nobody turns off the client's own, which needs an SDK anyway.
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      AGENT_OTEL_TRACE_FILE: traceFile,
      AGENT_OTEL_LOG: "none",
    },
    timeout: 60_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  try {
    const [code, signal] = await once(child, "close");
    if (code !== 0) throw new Error(`${program} ended with ${code ?? signal}: ${stderr}`);
    const outcomes = JSON.parse(stdout) as readonly Outcome[];
    const lines = registered ? await readFile(traceFile, "utf8").catch(() => "") : "";
    return {
      outcomes: new Map(outcomes.map((outcome) => [outcome.id, outcome])),
      spans: lines.split("\n").filter(Boolean).flatMap(spansOf),
    };
  } finally {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}

type Value = Readonly<Record<string, unknown>>;

interface ExportedSpan {
  readonly name: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
  readonly attributes?: readonly { readonly key: string; readonly value: Value }[];
}

function spansOf(line: string): ModelSpan[] {
  const request = JSON.parse(line) as {
    resourceSpans: readonly { scopeSpans: readonly { spans: readonly ExportedSpan[] }[] }[];
  };
  return request.resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map(({ name, endTimeUnixNano, status, attributes = [] }) => ({
      name,
      endMs: Number(endTimeUnixNano) / 1e6,
      failed: status?.code === 2,
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)])),
    }));
}

function plain(value: Value): unknown {
  const [kind, content] = Object.entries(value)[0] ?? [];
  if (kind === "intValue" || kind === "doubleValue") return Number(content);
  if (kind === "arrayValue") return ((content as { values?: Value[] }).values ?? []).map(plain);
  return content;
}
