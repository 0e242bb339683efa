import { describe, expect, it } from "vitest";
import { agent } from "../../../src/agent/agent.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { askModel, watch } from "../../agent/support.ts";
import { bench, boom } from "./support.ts";

const at = bench();
const seen = watch();

/** Fails at its second step for as long as it is told to. */
function program(trouble: { fails: boolean }, options = {}) {
  return at.now
    .workflow("research", options)
    .step("gather", () => {
      agent("gatherer", askModel)();
      return {};
    })
    .step(
      "write",
      () => {
        if (trouble.fails) throw boom;
        return {};
      },
      { retries: 1 },
    );
}

describe("the spans of a workflow", () => {
  it("are the run, and below it each attempt, and below that what the step does", async () => {
    await expect(at.now.settle(program({ fails: true }).execute("7"))).rejects.toThrow();
    const run = seen.spans.get("invoke_workflow research", {
      failed: true,
      attributes: { "agents.workflow.id": "7" },
    });
    const gather = seen.spans.get("workflow_step gather", {
      parent: run,
      failed: false,
      attributes: {
        "gen_ai.workflow.name": "research",
        "agents.workflow.id": "7",
        "agents.workflow.step.name": "gather",
        "agents.workflow.step.index": 0,
        "agents.workflow.step.attempt": 1,
        "agents.workflow.outcome": "done",
      },
    });
    seen.spans.get("invoke_agent gatherer", { parent: gather });
    for (const attempt of [1, 2])
      seen.spans.get("workflow_step write", {
        parent: run,
        failed: true,
        attributes: {
          "agents.workflow.step.attempt": attempt,
          "agents.workflow.outcome": "failed",
          "error.type": "Error",
        },
      });
  });

  it("have the workflow as caller of its agents, and their cost in its totals", async () => {
    await program({ fails: false }).execute("7");
    expect(seen.records.find(({ operation }) => operation === "invoke_agent")).toMatchObject({
      agent: "gatherer",
      callerType: "workflow",
      caller: "research",
    });
    expect(seen.records.at(-1)).toMatchObject({ operation: "invoke_workflow", subtree: { calls: 1 } });
  });

  it("of a resumed run link to the one that ran it before", async () => {
    const trouble = { fails: true };
    await expect(at.now.settle(program(trouble).execute("7"))).rejects.toThrow();
    const before = seen.spans.get("invoke_workflow research");
    trouble.fails = false;
    await program(trouble).execute("7");
    const after = seen.spans.all("invoke_workflow research").at(-1)!;
    expect(after.traceId).not.toBe(before.traceId);
    expect(after.links).toMatchObject([{ traceId: before.traceId, spanId: before.spanId }]);
    expect(after.events).toMatchObject([
      { name: "agents.workflow.resumed", attributes: { "agents.workflow.completed_steps": 1 } },
    ]);
  });
});

describe("the metrics of workflows", () => {
  it("count runs, attempts, resumes and refusals", async () => {
    const metrics = new MetricSources();
    const trouble = { fails: true };
    await expect(at.now.settle(program(trouble, { metrics }).execute("7"))).rejects.toThrow();
    trouble.fails = false;
    await program(trouble, { metrics }).execute("7");
    await expect(program(trouble, { metrics, version: "2" }).execute("7")).rejects.toThrow();
    const points = metrics
      .collect()
      .flatMap((instrument) =>
        instrument.kind === "histogram"
          ? []
          : instrument.points.map(({ attributes, value }) => [
              instrument.name,
              ...Object.values(attributes),
              value,
            ]),
      );
    expect(points.map((point) => point.join(" ")).sort()).toMatchInlineSnapshot(`
      [
        "agents.workflow.refusals research workflow_changed 1",
        "agents.workflow.resumes research 1",
        "agents.workflow.running research 0",
        "agents.workflow.runs research completed 1",
        "agents.workflow.runs research failed 1",
        "agents.workflow.step.attempts research gather done 1",
        "agents.workflow.step.attempts research write done 1",
        "agents.workflow.step.attempts research write failed 2",
      ]
    `);
  });
});
