import { expect, it } from "vitest";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { FallbackCounts } from "../../../src/telemetry/resilience/fallback-counts.ts";

it("counts fallbacks by kind, breaker and outcome", () => {
  const sources = new MetricSources();
  const counts = new FallbackCounts(sources);
  counts.count("cached", "researcher", "answered");
  counts.count("cached", "researcher", "answered");
  counts.count("safe_run", undefined, "failed");
  expect(sources.collect()).toMatchObject([
    {
      kind: "counter",
      name: "agents.fallbacks",
      unit: "{call}",
      points: [
        {
          attributes: {
            "agents.breaker.name": "researcher",
            "agents.fallback.kind": "cached",
            "agents.fallback.outcome": "answered",
          },
          value: 2,
        },
        { attributes: { "agents.fallback.kind": "safe_run", "agents.fallback.outcome": "failed" }, value: 1 },
      ],
    },
  ]);
});

it("is no metric before the first fallback", () => {
  const sources = new MetricSources();
  new FallbackCounts(sources);
  expect(sources.collect()).toEqual([]);
});
