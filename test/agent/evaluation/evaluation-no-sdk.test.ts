import { trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent, recordEvaluation } from "../../../src/index.ts";
import { metricSources } from "../../../src/telemetry/metric-sources.ts";

describe("without an SDK", () => {
  it("evaluations are counted all the same", () => {
    agent("alone", () => recordEvaluation(undefined, { name: "tone", score: 1 }))();
    recordEvaluation(trace.getTracer("none").startSpan("none"), { name: "tone", score: 1 });
    const points = metricSources.collect().find(({ name }) => name === "agents.evaluations")?.points;
    expect(points?.map(({ attributes }) => attributes)).toEqual([
      { "gen_ai.agent.name": "alone", "gen_ai.evaluation.name": "tone" },
      { "gen_ai.evaluation.name": "tone" },
    ]);
  });
});
