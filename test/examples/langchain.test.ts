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
const NOT_PASSED_ON = /^(OTEL_|AGENT_OTEL_|OPENAI_|LANGCHAIN_|LANGSMITH_|NODE_|VITEST|FORCE_COLOR)/;

/** Runs the example as its README says. */
async function runExample() {
  const folder = mkdtempSync(join(tmpdir(), "langchain-test-"));
  const file = join(folder, "trace.jsonl");
  const clean = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
  const added = {
    AGENT_OTEL_TRACE_FILE: file,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
  };
  const child = spawn(process.execPath, ["--import", "agent-otel/register", "examples/langchain/main.ts"], {
    cwd: root,
    env: { ...Object.fromEntries(clean), ...added },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [[code], stdout] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
  ]);
  const { spans } = await readOtlpJsonLines([readFileSync(file)]);
  rmSync(folder, { recursive: true });
  return { code, stdout, spans };
}

/** The spans as a tree, each level two blanks further in, in the order in which they ended. */
function tree(spans: readonly TraceSpan[], parent?: TraceSpan): readonly string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent?.spanId)
    .toSorted((a, b) => Number((a.endNs ?? 0n) - (b.endNs ?? 0n)))
    .flatMap((span) => [span.name, ...tree(spans, span).map((line) => `  ${line}`)]);
}

describe("the example with LangGraph", () => {
  let run: Awaited<ReturnType<typeof runExample>>;
  beforeAll(async () => {
    run = await runExample();
  }, 60_000);

  it("ends by itself with an answer", () => {
    expect(run.code).toBe(0);
    expect(run.stdout).toBe("Otter Ltd was charged once in October and once in November.\n");
  });

  it("is one trace, with one span for each call of a model though its client is instrumented", () => {
    expect(tree(run.spans)).toEqual([
      "invoke_workflow support-desk",
      "  invoke_agent triage",
      "    chat gpt-4o-mini",
      "    execute_tool transfer_to_billing billing",
      "  invoke_agent billing",
      "    chat gpt-4o-mini",
      "    execute_tool find_invoices",
      "    chat gpt-4o-mini",
      "  invoke_agent writer",
      "    chat gpt-4o-mini",
    ]);
  });

  it("knows who handed over to whom, and what all of it has used", () => {
    const of = (name: string) => run.spans.find((span) => span.name === name)?.attributes;
    expect(of("invoke_agent billing")?.[names.ATTR_CALLER_NAME]).toBe("triage");
    expect(of("invoke_workflow support-desk")).toMatchObject({
      [names.ATTR_SUBTREE_CALLS]: 4,
      [names.ATTR_SUBTREE_TOKENS]: 875,
    });
  });
});
