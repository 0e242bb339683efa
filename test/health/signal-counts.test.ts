import { describe, expect, it } from "vitest";
import { breakerStates, signalCounts } from "../../src/health/signals/signal-counts.ts";
import { SignalWindow } from "../../src/health/signals/signal-window.ts";
import { BreakerRegistry } from "../../src/resilience/breaker-registry.ts";
import { GuardCounts } from "../../src/resilience/guard/guard-counts.ts";
import { rateLimit } from "../../src/resilience/rate-limit.ts";
import { costGuard } from "../../src/spend/cost-guard.ts";
import { TokenBudgetMetrics } from "../../src/spend/token-budget/token-budget-metrics.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { FallbackCounts } from "../../src/telemetry/resilience/fallback-counts.ts";
import { QueueMetrics } from "../../src/work/queue/queue-metrics.ts";

const NONE = { rejections: 0, fallbacks: 0, quarantinedReads: 0 };
const counted = (sources: MetricSources) => Object.fromEntries(signalCounts(sources.collect()));

describe("what is counted under the name of an agent", () => {
  it("are the refusals of its breaker", async () => {
    const metrics = new MetricSources();
    const breaker = new BreakerRegistry({ metrics }).get("writer");
    await breaker.forceOpen();
    for (let i = 0; i < 3; i++) await breaker.execute(async () => 1).catch(() => {});
    expect(counted(metrics)).toEqual({ writer: { ...NONE, rejections: 3 } });
    expect(Object.fromEntries(breakerStates(metrics.collect()))).toEqual({ writer: "forced_open" });
  });

  it("are the refusals of its rate limit", async () => {
    const metrics = new MetricSources();
    const limit = rateLimit({ name: "writer", perMinute: 1, wait: false, metrics });
    for (let i = 0; i < 3; i++) await limit.execute(async () => 1).catch(() => {});
    expect(counted(metrics)).toEqual({ writer: { ...NONE, rejections: 2 } });
  });

  it("are the refusals of its budget", async () => {
    const metrics = new MetricSources();
    const guard = costGuard({ name: "writer", perRequestUsd: 1, hourlyUsd: 1, metrics });
    const first = guard.execute(() => new Promise((resolve) => setImmediate(resolve)));
    await guard.execute(async () => 1).catch(() => {});
    await first;
    expect(counted(metrics)).toEqual({ writer: { ...NONE, rejections: 1 } });
  });

  it("are the refusals of its token budget, by the agent and not by the budget", () => {
    const metrics = new MetricSources();
    const budgets = new TokenBudgetMetrics();
    metrics.add(() => budgets.collect());
    budgets.rejected("session", "writer");
    expect(counted(metrics)).toEqual({ writer: { ...NONE, rejections: 1 } });
  });

  it("are the refusals of its queue, without those who gave up waiting", () => {
    const metrics = new MetricSources();
    const queues = new QueueMetrics(metrics);
    queues.open("writer", () => ({
      name: "writer",
      running: 0,
      zombies: 0,
      concurrency: 1,
      depths: new Map(),
    }));
    for (const reason of ["full", "expired", "closed", "aborted"] as const) queues.rejected("writer", reason);
    expect(counted(metrics)).toEqual({ writer: { ...NONE, rejections: 3 } });
  });

  it("are the answers of its fallbacks, and not their failures", () => {
    const metrics = new MetricSources();
    const fallbacks = new FallbackCounts(metrics);
    for (const outcome of ["answered", "empty", "failed"] as const)
      fallbacks.count("cached", "writer", outcome);
    expect(counted(metrics)).toEqual({ writer: { ...NONE, fallbacks: 1 } });
  });

  it("are its reads of quarantined fields", () => {
    const metrics = new MetricSources();
    new GuardCounts(metrics).read("writer");
    expect(counted(metrics)).toEqual({ writer: { ...NONE, quarantinedReads: 1 } });
  });

  it("is the worst state of several breakers with its name", async () => {
    const metrics = new MetricSources();
    new BreakerRegistry({ metrics }).get("writer");
    await new BreakerRegistry({ metrics }).get("writer").forceOpen();
    expect(breakerStates(metrics.collect()).get("writer")).toBe("forced_open");
  });
});

describe("SignalWindow", () => {
  const at = (rejections: number) => new Map([["writer", { ...NONE, rejections }]]);

  it("has what was added in the window, and nothing of a part of the program that took its counts with it", () => {
    const window = new SignalWindow(30_000);
    window.sample(0, at(5));
    expect(window.added().size).toBe(0);
    window.sample(10_000, at(8));
    expect(window.added().get("writer")?.rejections).toBe(3);
    window.sample(35_000, at(9));
    expect(window.added().get("writer")?.rejections).toBe(1);
    window.sample(36_000, at(2));
    expect(window.added().size).toBe(0);
  });
});
