import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkTruth } from "./programs/work.ts";
import { eventually } from "./support/eventually.ts";
import { type RunningProgram, startProgram } from "./support/program.ts";
import { sumBy } from "./support/prometheus.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let prometheus: string;
let truth: WorkTruth;
let program: RunningProgram<WorkTruth> | undefined;
const directory = mkdtempSync(join(tmpdir(), "agent-otel-work-"));

beforeAll(async () => {
  stack = await stackUp(23_900);
  prometheus = stack.endpoint("prometheus", "http");
  program = await startProgram<WorkTruth>("work.ts", ["7", "60", join(directory, "work.db")], {
    OTEL_EXPORTER_OTLP_ENDPOINT: stack.endpoint("collector", "otlp-http"),
    OTEL_SERVICE_NAME: "work",
  });
  truth = program.truth;
  await eventually("what was counted last in Prometheus", async () => {
    const found = await sumBy(prometheus, "agents_memory_evicted_messages_total", ["agents_memory_name"]);
    return found["chat"] === truth.evicted ? true : undefined;
  });
});

afterAll(async () => {
  await program?.end();
  await stack?.down();
  rmSync(directory, { recursive: true });
});

describe("workflows, dead letters and memories in Prometheus equal what the run did", () => {
  it("in runs, and runs that were gone on with", async () => {
    const name = "gen_ai_workflow_name";
    const labels = [name, "agents_workflow_outcome"];
    expect(await sumBy(prometheus, "agents_workflow_runs_total", labels)).toEqual(truth.runs);
    expect(await sumBy(prometheus, "agents_workflow_resumes_total", [name])).toEqual(truth.resumes);
  });

  it("in attempts of steps, by outcome", async () => {
    const labels = ["gen_ai_workflow_name", "agents_workflow_step_name", "agents_workflow_outcome"];
    expect(await sumBy(prometheus, "agents_workflow_step_attempts_total", labels)).toEqual(truth.attempts);
  });

  it("in dead letters that were added and replayed", async () => {
    const added = await sumBy(prometheus, "agents_dead_letters_added_total", [
      "agents_task_type",
      "agents_dead_letters_reason",
    ]);
    expect(added).toEqual(truth.letters);
    const replays = await sumBy(prometheus, "agents_dead_letters_replays_total", [
      "agents_dead_letters_outcome",
    ]);
    expect(replays).toEqual(truth.replays);
  });

  it("in dead letters that wait, as the store says", async () => {
    await eventually("the depth of the queue", async () => {
      const found = await sumBy(prometheus, "agents_dead_letters_unresolved", ["agents_dead_letters_queue"]);
      expect(found).toEqual({ "dead-letters": truth.unresolved });
      return true;
    });
  });

  it("in conflicts of shared state, by strategy", async () => {
    const labels = ["agents_memory_state_strategy"];
    expect(await sumBy(prometheus, "agents_memory_state_conflicts_total", labels)).toEqual(truth.conflicts);
  });
});
