import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { readOtlpJsonLines } from "../../src/telemetry/otlp-json-lines.ts";
import * as names from "../../src/telemetry/semconv.ts";
import type { TraceSpan } from "../../src/telemetry/trace-span.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const NOT_PASSED_ON = /^(OTEL_|AGENT_OTEL_|OPENAI_|ANTHROPIC_|NODE_|VITEST|FORCE_COLOR)/;

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly spans: readonly TraceSpan[];
}

/** Runs the example as its README says. */
async function runExample(): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), "ai-sdk-test-"));
  const file = join(directory, "trace.jsonl");
  const clean = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
  const added = {
    AGENT_OTEL_TRACE_FILE: file,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
  };
  try {
    const args = ["--import", "agent-otel/register", "examples/ai-sdk/main.ts"];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...Object.fromEntries(clean), ...added },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close") as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    const { spans } = await readOtlpJsonLines([readFileSync(file)]);
    return { code, stdout, stderr, spans };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The spans as a tree, each level two blanks further in, in the order in which they began. */
function tree(spans: readonly TraceSpan[], parent?: TraceSpan): readonly string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent?.spanId)
    .toSorted((a, b) => Number(a.startNs - b.startNs))
    .flatMap((span) => [span.name, ...tree(spans, span).map((line) => `  ${line}`)]);
}

describe("the example with the AI SDK", () => {
  let run: Run;
  beforeAll(async () => {
    run = await runExample();
  }, 60_000);

  it("ends by itself, without a complaint", () => {
    expect(run.code).toBe(0);
    // The line that agent-otel itself logs when a request is over.
    expect(run.stderr.split("\n").filter((line) => !/^$| answer finished — /.test(line))).toEqual([]);
    expect(run.stdout).toBe("Afloat on their backs, otters sleep hand in hand.\n");
  });

  it("is one trace of agents, models and tools", () => {
    expect(tree(run.spans)).toEqual([
      "invoke_workflow answer",
      "  invoke_agent editor",
      "    chat gpt-4o-mini",
      "    execute_tool ask_researcher",
      "      invoke_agent researcher",
      "        chat claude-haiku-4-5",
      "        execute_tool search",
      "        chat claude-haiku-4-5",
      "    chat gpt-4o-mini",
      "  invoke_agent writer",
      "    chat gpt-4o-mini",
    ]);
  });

  it("knows who called whom, and what all of it has cost", () => {
    const of = (name: string) => run.spans.find((span) => span.name === name)?.attributes;
    expect(of("invoke_agent researcher")?.[names.ATTR_CALLER_NAME]).toBe("editor");
    expect(of("invoke_workflow answer")).toMatchObject({
      [names.ATTR_SUBTREE_CALLS]: 5,
      [names.ATTR_SUBTREE_TOKENS]: 1_485,
    });
    const costs = run.spans.map(({ attributes }) => Number(attributes[names.ATTR_COST_AMOUNT] ?? 0));
    const sum = costs.reduce((total, cost) => total + Math.round(cost * 1e9), 0);
    expect(Math.round(Number(of("invoke_workflow answer")?.[names.ATTR_SUBTREE_COST]) * 1e9)).toBe(sum);
  });
});
