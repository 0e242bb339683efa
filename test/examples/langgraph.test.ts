import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const NOT_PASSED_ON = /^(OTEL_|AGENT_OTEL_|OPENAI_|NODE_|VITEST|FORCE_COLOR)/;

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly trace: string;
}

/** Runs the example as its README says. */
async function runExample(): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), "langgraph-test-"));
  const file = join(directory, "trace.jsonl");
  const clean = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
  const added = {
    AGENT_OTEL_TRACE_FILE: file,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
  };
  try {
    const args = ["--import", "agent-otel/register", "examples/langgraph/main.ts"];
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
    return { code, stdout, stderr, trace: readFileSync(file, "utf8") };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What the example prints under one label, in order of its five runs. */
function printed({ stdout }: Run, label: string): readonly string[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith(`  ${label} `))
    .map((line) => line.slice(label.length + 2).trim());
}

describe("the example with LangGraph", () => {
  let run: Run;
  beforeAll(async () => {
    run = await runExample();
  }, 60_000);

  it("ends by itself, without a complaint", () => {
    expect(run.code).toBe(0);
    // The lines that agent-otel itself logs when a request is over.
    expect(run.stderr.split("\n").filter((line) => !/^$| analyse_document finished — /.test(line))).toEqual(
      [],
    );
  });

  it("gives readers null while the graph's own state has an older list", () => {
    const list = '["otter","river"]';
    expect(printed(run, "the graph's own state")).toEqual(Array(5).fill(list));
    expect(printed(run, "what readers get")).toEqual([list, "null", "null", "null", list]);
  });

  it("says why, and goes on with the analysis", () => {
    const held = "quarantined because of extract_agent";
    const free = "nothing is held back";
    expect(printed(run, "why")).toEqual([free, held, held, held, free]);
    const degraded = "Entities unavailable, upstream agent degraded.";
    const analysis = "Otters need rivers.";
    expect(printed(run, "analysis")).toEqual([analysis, degraded, degraded, degraded, analysis]);
  });

  it("opens the breaker after two failures, and closes it once the extractor works", () => {
    expect(printed(run, "breaker")).toEqual(["closed", "closed", "open", "open", "closed"]);
  });

  it("shows in the trace which field was held back, from whom, and because of whom", () => {
    expect(run.trace.match(/"name":"agents\.quarantined"/g)).toHaveLength(3);
    expect(run.trace.match(/"name":"agents\.quarantined_read"/g)).toHaveLength(3);
  });

  it("asks the extractor's model but for the call that was refused", () => {
    expect(run.trace.match(/"invoke_agent extract_agent"/g)).toHaveLength(4);
  });
});
