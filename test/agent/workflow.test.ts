import { SpanKind } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent, plan, tool, workflow } from "../../src/index.ts";
import { askModel, watch } from "./support.ts";

const seen = watch();

describe("workflow", () => {
  it("has its name on the tools that its own steps call, and not on those of its agents", async () => {
    const load = tool("load", async () => {});
    const writer = agent("writer", () => load());
    await workflow("report", async () => {
      await load();
      await writer();
    })();
    const names = seen.spans
      .all("execute_tool load")
      .map(({ attributes }) => [attributes["gen_ai.workflow.name"], attributes["gen_ai.agent.name"]]);
    expect(names).toEqual([
      ["report", undefined],
      [undefined, "writer"],
    ]);
  });

  it("makes one INTERNAL span invoke_workflow {workflow}", () => {
    workflow("nightly", () => 1)();
    const span = seen.spans.get("invoke_workflow nightly");
    expect(span.kind).toBe(SpanKind.INTERNAL);
    expect(span.attributes).toEqual({
      "gen_ai.operation.name": "invoke_workflow",
      "gen_ai.workflow.name": "nightly",
    });
  });

  it("called by an agent has that agent as its caller", () => {
    agent("boss", () => workflow("sub", () => 1)())();
    seen.spans.get("invoke_workflow sub", {
      attributes: { "gen_ai.caller.type": "agent", "gen_ai.caller.name": "boss" },
    });
  });

  it("has totals of its own", () => {
    workflow("spends", () => {
      askModel();
      agent("below", askModel)();
    })();
    expect(seen.records.at(-1)).toMatchObject({
      operation: "invoke_workflow",
      workflow: "spends",
      own: { calls: 1 },
      subtree: { calls: 2 },
    });
  });

  it("lasts as long as its stream", async () => {
    const items = workflow("streams", async function* () {
      yield 1;
    })();
    expect(seen.spans.open).toEqual(["invoke_workflow streams"]);
    await Array.fromAsync(items);
    expect(seen.spans.open).toEqual([]);
  });
});

describe("plan", () => {
  it("makes a span plan {agent} with the model call as its child", () => {
    plan("thinker", () => askModel())();
    const span = seen.spans.get("plan thinker");
    expect(span.attributes).toEqual({ "gen_ai.operation.name": "plan", "gen_ai.agent.name": "thinker" });
    seen.spans.get("chat test-model", { parent: span, attributes: { "gen_ai.agent.name": "thinker" } });
  });

  it("throws the same error object", () => {
    const error = new Error("no plan");
    const fails = plan("lost", () => {
      throw error;
    });
    expect(fails).toThrow(error);
    seen.spans.get("plan lost", { failed: true });
  });
});
