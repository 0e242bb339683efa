import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const NOT_PASSED_ON = /^(OTEL_|AGENT_OTEL_|OPENAI_|NODE_|VITEST|FORCE_COLOR)/;

/** Runs the example as its README says, in a folder of the test's own. */
async function runExample(folder: string, ...more: readonly string[]) {
  const clean = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
  const added = {
    AGENT_OTEL_TRACE_FILE: join(folder, "trace.jsonl"),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
  };
  const args = ["examples/workflow/main.ts", "--checkpoints", join(folder, "checkpoints"), ...more];
  const child = spawn(process.execPath, ["--import", "agent-otel/register", ...args], {
    cwd: root,
    env: { ...Object.fromEntries(clean), ...added },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [[, signal], stdout] = await Promise.all([
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
  ]);
  return { signal, steps: [...stdout.matchAll(/^step (\w+)/gm)].map(([, step]) => step), stdout };
}

describe("the example of a workflow", () => {
  it("goes on after a kill with the step that was at work, and runs nothing the third time", async () => {
    const folder = await temporaryFolder();
    const first = await runExample(folder, "--die-at", "write");
    expect(first).toMatchObject({ signal: "SIGKILL", steps: ["gather", "search", "write"] });
    const second = await runExample(folder);
    expect(second).toMatchObject({ signal: null, steps: ["write"] });
    expect(second.stdout).toContain("report: Otters need rivers. They need each other.");
    const third = await runExample(folder);
    expect(third.steps).toEqual([]);
    expect(third.stdout).toContain("report: Otters need rivers.");
  });

  it("asks the model once for each step, over all its processes", async () => {
    const folder = await temporaryFolder();
    await runExample(folder, "--die-at", "write");
    await runExample(folder);
    const trace = readFileSync(join(folder, "trace.jsonl"), "utf8");
    // What the process that was killed had not written yet is gone with it.
    expect(trace.match(/"chat gpt-4o-mini"/g)?.length).toBeLessThanOrEqual(3);
    expect(trace).toContain('"agents.workflow.resumed"');
  });
});
