import { describe, expect, it } from "vitest";
import { type CostGuardOptions, costGuard } from "../../src/index.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { METRIC_BUDGET_ELAPSED } from "../../src/telemetry/semconv.ts";
import { ManualClock } from "../../src/testing/manual-clock.ts";

const HOUR_MS = 3_600_000;

/** The guard holds its report; without it the metrics would go. */
function elapsedAt(atMs: number, options: CostGuardOptions = {}) {
  const metrics = new MetricSources();
  const clock = new ManualClock(atMs);
  const guard = costGuard({ metrics, clock, ...options });
  const read = () => {
    const points = metrics.collect().find(({ name }) => name === METRIC_BUDGET_ELAPSED)?.points ?? [];
    return Object.fromEntries(
      points.map((point) => [point.attributes["agents.budget.window"], "value" in point ? point.value : NaN]),
    );
  };
  return { guard, clock, read };
}

describe("agents.budget.elapsed", () => {
  it("is how much of hour, day and month is over, also where nothing was spent", () => {
    const { read, guard } = elapsedAt(Date.UTC(2026, 3, 16, 12, 15), { monthlyUsd: 1 });
    expect(read()).toEqual({ hour: 0.25, day: 12.25 / 24, month: (15 * 24 + 12.25) / (30 * 24) });
    expect(guard.name).toBe("default");
  });

  it("begins at 0 with each window", () => {
    const { read, clock, guard } = elapsedAt(Date.UTC(2026, 3, 16, 23, 30));
    clock.advance(HOUR_MS / 2);
    expect(read()).toEqual({ hour: 0, day: 0 });
    expect(guard.name).toBe("default");
  });

  it("goes by the guard's time zone, with days of 23 hours where its clocks change", () => {
    // In Berlin 29 March 2026 has no hour from two to three: noon is eleven hours after midnight.
    const { read, guard } = elapsedAt(Date.UTC(2026, 2, 29, 10), { timeZone: "Europe/Berlin" });
    expect(read()["day"]).toBeCloseTo(11 / 23, 12);
    expect(guard.name).toBe("default");
  });
});
