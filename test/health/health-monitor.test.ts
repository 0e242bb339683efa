import { afterEach, describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { CallLog } from "../../src/agent/call-log.ts";
import { type HealthMonitor, healthMonitor } from "../../src/health/health-monitor.ts";
import type { HealthMonitorOptions } from "../../src/health/health-options.ts";
import type { After } from "../../src/internal/timers.ts";
import { BreakerRegistry } from "../../src/resilience/breaker-registry.ts";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { CounterFamily } from "../../src/telemetry/counter-family.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import * as names from "../../src/telemetry/semconv.ts";
import { ManualTime } from "../work/manual-time.ts";
import { record } from "./records.ts";

const open: HealthMonitor[] = [];
afterEach(() => {
  for (const monitor of open.splice(0)) monitor.close();
});

function watched(options: HealthMonitorOptions = {}) {
  const time = new ManualTime();
  const { clock } = time;
  const held: boolean[] = [];
  const after: After = (ms, run, holds) => {
    held.push(holds);
    return time.after(ms, run, holds);
  };
  const calls = new CallLog();
  const metrics = new MetricSources();
  const given = { clock, calls, metrics, after };
  const monitor = healthMonitor({ ...given, ...options });
  open.push(monitor);
  const run = (count: number, more: Partial<CallRecord> = {}) => {
    for (let i = 0; i < count; i++)
      calls.publish(record({ operation: "invoke_agent", agent: "writer", ...more }));
  };
  const gauge = (name: string) => metrics.collect().find((each) => each.name === name)?.points ?? [];
  return { clock, time, held, calls, metrics, monitor, run, gauge, given };
}

function rejectionsOf(metrics: MetricSources): CounterFamily {
  const family = new CounterFamily({
    name: names.METRIC_BREAKER_REJECTIONS,
    unit: "{call}",
    description: "",
    labels: [names.ATTR_BREAKER_NAME],
  });
  metrics.add(() => [family.instrument()]);
  return family;
}

describe("healthMonitor", () => {
  it("knows how agents do from their calls, the worst first, unknown ones last", async () => {
    const { monitor, run, time } = watched();
    run(1, { agent: "idle" });
    await time.advance(310_000);
    run(100);
    run(100, { agent: "editor", errorType: "timeout" });
    expect(monitor.agents().map(({ agent: name, score, status }) => [name, score, status])).toEqual([
      ["editor", 50, "unhealthy"],
      ["writer", 100, "healthy"],
      ["idle", undefined, "unknown"],
    ]);
  });

  it("is back to 95 and more within one window of clean traffic, whatever was before", async () => {
    const { clock, monitor, metrics, time, run } = watched();
    const rejections = rejectionsOf(metrics);
    for (let second = 0; second < 900; second++) {
      run(2, { errorType: "timeout", durationMs: 60_000 });
      rejections.add(["writer"], 5);
      await time.advance(1_000);
    }
    expect(monitor.agents()[0]?.score).toBeLessThan(40);
    for (let second = 0; second < 300; second++) {
      run(1, { durationMs: 100, startMs: clock.now() - 100 });
      await time.advance(1_000);
    }
    expect(monitor.agents()[0]).toMatchObject({ score: 100, failures: 0, rejections: 0 });
  });

  it("forgets an agent that nobody has called for an hour", async () => {
    const { monitor, run, time } = watched();
    run(1);
    await time.advance(3_000_000);
    expect(monitor.agents().map(({ status }) => status)).toEqual(["unknown"]);
    await time.advance(1_000_000);
    expect(monitor.agents()).toEqual([]);
  });

  it("counts what was refused in the window, and not since the start", async () => {
    const { monitor, metrics, run, time } = watched();
    const rejections = rejectionsOf(metrics);
    run(10);
    rejections.add(["writer"], 7);
    rejections.add(["openai"], 100);
    expect(monitor.agents()[0]?.rejections).toBe(7);
    await time.advance(200_000);
    rejections.add(["writer"], 2);
    run(10);
    await time.advance(150_000);
    expect(monitor.agents()[0]?.rejections).toBe(2);
    await time.advance(200_000);
    expect(monitor.agents()[0]?.rejections).toBe(0);
  });

  it("does not count what was refused before it began", () => {
    const { metrics, given } = watched();
    rejectionsOf(metrics).add(["writer"], 7);
    const second = healthMonitor(given);
    open.push(second);
    given.calls.publish(record({ operation: "invoke_agent", agent: "writer" }));
    expect(second.agents()[0]?.rejections).toBe(0);
  });

  it("caps the score while the breaker of the agent's name is open, and says its state", async () => {
    const { monitor, metrics, run } = watched();
    const breaker = new BreakerRegistry({ metrics }).get("writer");
    run(100);
    expect(monitor.agents()[0]).toMatchObject({ score: 100, breakerState: "closed" });
    await breaker.forceOpen();
    expect(monitor.agents()[0]).toMatchObject({
      score: 20,
      breakerState: "forced_open",
      status: "unhealthy",
    });
  });

  it("has an objective for all agents and one for each", () => {
    const { monitor, run } = watched({ objectiveMs: 1_000, objectivesMs: { researcher: 60_000 } });
    run(1, { durationMs: 2_000 });
    run(1, { durationMs: 2_000, agent: "researcher" });
    run(1, { durationMs: 2_000, agent: "constructor" });
    const slow = monitor
      .agents()
      .map(({ agent: name, slow: count, objectiveMs }) => [name, count, objectiveMs]);
    expect(slow.sort()).toEqual([
      ["constructor", 1, 1_000],
      ["researcher", 0, 60_000],
      ["writer", 1, 1_000],
    ]);
  });

  it("tells the score and its components as gauges, and nothing of agents of which nothing is known", async () => {
    const { run, gauge, time } = watched();
    run(1, { errorType: "timeout" });
    expect(gauge("agents.health.score")).toEqual([
      { attributes: { "gen_ai.agent.name": "writer" }, value: 75 },
    ]);
    expect(
      gauge("agents.health.component").map(({ attributes, ...point }) => [
        attributes["agents.health.component.name"],
        "value" in point && point.value,
      ]),
    ).toEqual([
      ["failure", 0.5],
      ["slow", 0],
      ["rejected", 0],
      ["quarantined", 0],
    ]);
    await time.advance(310_000);
    expect([gauge("agents.health.score"), gauge("agents.health.component")]).toEqual([[], []]);
  });

  it("tells the worst of the agents beyond 200, and has no more series", () => {
    const { run, gauge } = watched();
    for (let i = 0; i < 300; i++) run(1, { agent: `agent ${String.fromCharCode(0x4e00 + i)}` });
    run(40, { agent: "last", errorType: "timeout" });
    const points = gauge("agents.health.score");
    expect(points).toHaveLength(201);
    expect(points.find(({ attributes }) => attributes["gen_ai.agent.name"] === "last")).toMatchObject({
      value: 51,
    });
  });

  it("takes the place of the monitor before it at the gauges, until it is closed", () => {
    const { run, gauge, given } = watched();
    const strict = healthMonitor({ ...given, healthScore: () => 7 });
    open.push(strict);
    run(1);
    const values = () => gauge("agents.health.score").map((point) => "value" in point && point.value);
    expect(values()).toEqual([7]);
    strict.close();
    expect(values()).toEqual([100]);
  });

  it("hears of nothing once it is closed, leaves no timer, and may be closed twice", () => {
    const { monitor, run, time, held, calls, gauge } = watched();
    expect([time.pending, held.includes(true)]).toEqual([1, false]);
    run(1);
    monitor.close();
    monitor.close();
    expect([time.pending, calls.hasListeners, gauge("agents.health.score")]).toEqual([0, false, []]);
    run(1, { agent: "late" });
    expect(monitor.agents().map(({ agent: name }) => name)).toEqual(["writer"]);
    expect(time.pending).toBe(0);
  });

  it("watches the agents of this process without an option", async () => {
    const monitor = healthMonitor();
    open.push(monitor);
    await agent("health-writer", async () => "text")();
    await agent("health-editor", async () => Promise.reject(new Error("no")))().catch(() => {});
    const mine = monitor.agents().filter(({ agent: name }) => name.startsWith("health-"));
    expect(mine.map(({ agent: name, score }) => [name, score])).toEqual([
      ["health-editor", 75],
      ["health-writer", 100],
    ]);
  });

  it.each([
    [{ windowMs: 1 }, "healthMonitor: windowMs must be a whole number from 10000 to 3600000, got 1"],
    [{ objectiveMs: 0 }, "healthMonitor: objectiveMs must be a whole number >= 1, got 0"],
    [
      { objectivesMs: { writer: 0.5 } },
      'healthMonitor: objectivesMs["writer"] must be a whole number >= 1, got 0.5',
    ],
    [{ healthScore: 5 as never }, "healthMonitor: healthScore must be a function, got 5"],
  ] satisfies [HealthMonitorOptions, string][])("says which option is wrong: %j", (options, message) => {
    expect(() => healthMonitor(options)).toThrow(message);
  });
});
