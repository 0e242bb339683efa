import { trace } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import type { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { SpanRecorder } from "../../../src/testing/index.ts";
import { sourceRouter, TASK } from "./support/source-router.ts";

function points(metrics: MetricSources, name: string): readonly unknown[] {
  return metrics.collect().find((each) => each.name === name)?.points ?? [];
}

/** The span below which `fn` ran. */
function spanOf(fn: () => void) {
  const recorder = new SpanRecorder();
  onTestFinished(() => recorder.stop());
  trace.getTracer("test").startActiveSpan("work", (span) => {
    fn();
    span.end();
  });
  return recorder.get("work");
}

describe("a model router tells", () => {
  it("its decisions, by model and complexity", () => {
    const { router, metrics } = sourceRouter({ name: "front" });
    router.route(TASK);
    router.route(TASK);
    router.route({ ...TASK, complexity: 3 });
    const labels = (model: string, complexity: number) => ({
      "agents.router.name": "front",
      "agents.router.model": model,
      "agents.router.complexity": complexity,
    });
    expect(points(metrics, "agents.router.decisions")).toEqual([
      { attributes: labels("gpt-4.1-nano", 2), value: 2 },
      { attributes: labels("gpt-4.1-mini", 3), value: 1 },
    ]);
  });

  it("what it has charged this month", () => {
    const { router, metrics, clock } = sourceRouter({ name: "front" });
    router.record(router.route(TASK), { costUsd: 0.25 });
    const attributes = { "agents.router.name": "front" };
    expect(points(metrics, "agents.router.spent")).toEqual([{ attributes, value: 0.25 }]);
    clock.advance(31 * 86_400_000);
    expect(points(metrics, "agents.router.spent")).toEqual([{ attributes, value: 0 }]);
  });

  it("nothing more once it is closed, also when it is closed twice", () => {
    const { router, metrics } = sourceRouter();
    router.close();
    router.close();
    expect(metrics.collect()).toEqual([]);
  });

  it("the span of whoever asks what it picked", () => {
    const { router } = sourceRouter({ name: "front" });
    const span = spanOf(() => router.route(TASK));
    expect(span.events).toMatchObject([
      {
        name: "agents.router.decision",
        attributes: {
          "agents.router.name": "front",
          "agents.router.model": "gpt-4.1-nano",
          "agents.router.complexity": 2,
        },
      },
    ]);
  });

  it("the span of whoever asks that it refused, and marks it", () => {
    const { router } = sourceRouter({ name: "front" });
    const span = spanOf(() => expect(() => router.route({ ...TASK, needs: { tools: true } })).toThrow());
    expect(span.events).toMatchObject([
      { name: "agents.router.decision", attributes: { "error.type": "no_eligible_model" } },
    ]);
    expect(span.attributes["agents.router.name"]).toBe("front");
  });
});
