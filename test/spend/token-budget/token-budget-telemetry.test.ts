import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { trace } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import { tokenBudget } from "../../../src/spend/token-budget.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { SpanRecorder } from "../../../src/testing/index.ts";

function setUp(count = 1) {
  const metrics = new MetricSources();
  const budgets = Array.from({ length: count }, () => {
    const budget = tokenBudget({ name: "session", total: 100, metrics });
    budget.register("a");
    budget.register("b");
    return budget;
  });
  /** By agent; "" for what has none. */
  const read = (name: string): Record<string, number> => {
    const points = metrics.collect().find((each) => each.name === name)?.points ?? [];
    return Object.fromEntries(
      points.map(({ attributes, ...point }) => [
        attributes["agents.token_budget.agent"] ?? "",
        "value" in point ? point.value : Number.NaN,
      ]),
    );
  };
  return { budgets, budget: budgets[0]!, read, metrics };
}

/** Collects garbage, as it happens by itself now and then. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

describe("a token budget tells", () => {
  it("its limit", () => {
    expect(setUp().read("agents.token_budget.limit")).toEqual({ "": 100 });
  });

  it("what is granted and not used yet, by agent", () => {
    const { budget, read } = setUp();
    budget.request("a", 30).report(10);
    expect(read("agents.token_budget.granted")).toEqual({ a: 20, b: 0 });
  });

  it("what is used, by agent", () => {
    const { budget, read } = setUp();
    budget.request("a", 30).report(10);
    expect(read("agents.token_budget.used")).toEqual({ a: 10, b: 0 });
  });

  it("how many requests it granted in part or not at all, by agent", () => {
    const { budget, read } = setUp();
    budget.request("a", 10);
    budget.request("a", 1_000);
    expect(() => budget.request("a", 1_000, { min: 500 })).toThrow();
    expect(read("agents.token_budget.rejections")).toEqual({ a: 2 });
  });

  it("the sums of all budgets of its name that are in use", () => {
    const { budgets, read } = setUp(3);
    for (const budget of budgets) budget.request("a", 30).report(10);
    budgets[2]!.close();
    expect(read("agents.token_budget.limit")).toEqual({ "": 200 });
    expect(read("agents.token_budget.granted")).toEqual({ a: 40, b: 0 });
    expect(read("agents.token_budget.used")).toEqual({ a: 20, b: 0 });
  });

  it("nothing more once nobody holds it, closed or not", { timeout: 30_000 }, async () => {
    const metrics = new MetricSources();
    const make = (): void => {
      tokenBudget({ name: "session", total: 100, metrics }).register("a");
    };
    make();
    const limits = () => metrics.collect().filter(({ name }) => name === "agents.token_budget.limit");
    expect(limits()).toHaveLength(1);
    while (limits().length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
  });

  it("its refusals also after it is closed, since a count that went down would read as a restart", () => {
    const { budget, read } = setUp();
    budget.request("a", 1_000);
    budget.close();
    budget.close();
    expect(read("agents.token_budget.rejections")).toEqual({ a: 1 });
  });

  it("the span of whoever asks that nothing was granted, and marks it", () => {
    const recorder = new SpanRecorder();
    onTestFinished(() => recorder.stop());
    const { budget } = setUp();
    trace.getTracer("test").startActiveSpan("work", (span) => {
      expect(() => budget.request("b", 1_000, { min: 500 })).toThrow();
      span.end();
    });
    const { events, attributes } = recorder.get("work");
    expect(attributes["agents.token_budget.name"]).toBe("session");
    expect(events).toMatchObject([
      {
        name: "agents.budget.rejection",
        attributes: {
          "agents.token_budget.name": "session",
          "agents.token_budget.agent": "b",
          "error.type": "token_budget_exhausted",
        },
      },
    ]);
  });
});
