import { trace } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import { type StrategyChoice, sharedState } from "../../src/memory/shared-state.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { ManualClock, SpanRecorder } from "../../src/testing/index.ts";

function setUp(strategy: StrategyChoice = "reject", name = "plans") {
  const metrics = new MetricSources();
  const clock = new ManualClock();
  const state = sharedState({ name, strategy, metrics, clock });
  const read = (metric: string): Record<string, number> => {
    const instrument = metrics.collect().find((one) => one.name === metric);
    if (instrument === undefined || instrument.kind === "histogram") return {};
    return Object.fromEntries(
      instrument.points.map(({ attributes, value }) => [Object.values(attributes).join(" "), value]),
    );
  };
  /** A write that meets another one. */
  const meet = async () => {
    await state.write("a", { a: 1 });
    await state.write("a", { b: 2 }, { expectedVersion: 0 }).catch(() => {});
  };
  return { state, read, meet, clock };
}

describe("metrics of a shared state", () => {
  it.each<[StrategyChoice, string, string]>([
    ["reject", "reject", "rejected"],
    ["merge", "merge", "merged"],
    ["merge-arrays", "merge-arrays", "merged"],
    ["first-write-wins", "first-write-wins", "kept"],
    [() => 1, "function", "merged"],
  ])("count commits by outcome, and conflicts by strategy: %s", async (strategy, label, outcome) => {
    const { read, meet } = setUp(strategy);
    await meet();
    expect(read("agents.memory.state.commits")).toEqual({ "plans written": 1, [`plans ${outcome}`]: 1 });
    expect(read("agents.memory.state.conflicts")).toEqual({ [`plans ${label}`]: 1 });
  });

  it("count a session as one commit", async () => {
    const { state, read } = setUp();
    await state.session((session) => {
      session.write("a", 1);
      session.write("b", 1);
    });
    expect(read("agents.memory.state.commits")).toEqual({ "plans written": 1 });
  });

  it("count what was sent again, what a lost lock refused, and locks that never came", async () => {
    const { state, read, meet, clock } = setUp("merge");
    await meet();
    expect(read("agents.memory.state.retries")).toEqual({ plans: 1 });
    const lock = await state.lock("k", { leaseMs: 1_000 });
    clock.advance(1_000);
    const next = await state.lock("k");
    await state.write("a", 1, { lock: next });
    await expect(state.lock("k", { waitMs: 0 })).rejects.toMatchObject({ code: "lock_timeout" });
    expect(read("agents.memory.state.lock_timeouts")).toEqual({ plans: 1 });
    expect(await lock.release()).toBe(false);
  });

  it("say how many keys there are", async () => {
    const { state, read, meet } = setUp();
    expect(read("agents.memory.state.keys")).toEqual({ plans: 0 });
    await meet();
    await state.write("b", 1);
    await state.delete("b");
    expect(read("agents.memory.state.keys")).toEqual({ plans: 1 });
  });

  it("have no series for each id that a program takes for a name", async () => {
    const { read, meet } = setUp("merge", "run 3f1c2a9e-7b54-4c1d-9e2f-0a1b2c3d4e5f");
    await meet();
    expect(read("agents.memory.state.conflicts")).toEqual({ "_OTHER merge": 1 });
  });

  it("are in stats as well", async () => {
    const { state, meet } = setUp("merge");
    await meet();
    expect(state.stats()).toEqual({
      name: "plans",
      keys: 1,
      commits: 2,
      conflicts: 1,
      rejected: 0,
      retries: 1,
      locksHeld: 0,
      lockWaits: 0,
      lockTimeouts: 0,
    });
  });
});

describe("a conflict of a shared state", () => {
  const inSpan = async (fn: () => Promise<unknown>) => {
    const recorder = new SpanRecorder();
    onTestFinished(() => recorder.stop());
    await trace.getTracer("test").startActiveSpan("caller", async (span) => {
      await fn();
      span.end();
    });
    return recorder.spans[0]!;
  };

  it.each<[StrategyChoice, string]>([
    ["merge", "merged"],
    ["first-write-wins", "kept"],
    ["reject", "rejected"],
  ])("is an event on the active span, whose status it leaves alone: %s", async (strategy, outcome) => {
    const { meet } = setUp(strategy);
    const span = await inSpan(meet);
    expect(span.events).toMatchObject([
      {
        name: "agents.memory.state.conflict",
        attributes: {
          "agents.memory.state.name": "plans",
          "agents.memory.state.key": "a",
          "agents.memory.state.strategy": strategy,
          "agents.memory.state.outcome": outcome,
        },
      },
    ]);
    expect(span.status).toEqual({ code: 0 });
  });

  it("shows no secret that stands in a key, and no value", async () => {
    const { state } = setUp("merge");
    const secret = `sk-proj-${"a1B2".repeat(10)}`;
    const span = await inSpan(async () => {
      await state.write(`token ${secret}`, { theirs: "their text" });
      await state.write(`token ${secret}`, { mine: "my text" }, { expectedVersion: 0 });
    });
    const told = JSON.stringify(span.events[0]?.attributes);
    expect(told).toContain("[redacted]");
    expect(told).not.toMatch(/sk-proj|text/);
  });
});
