import { describe, expect, it } from "vitest";
import { BreakerRegistry } from "../../src/resilience/breaker-registry.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../src/testing/index.ts";

const fails = async (): Promise<never> => {
  throw new Error("boom");
};

function setUp(maxBreakers = 1_000) {
  const metrics = new MetricSources();
  const clock = new ManualClock();
  const defaults = { failureThreshold: 2, recoveryTimeoutMs: 1_000, jitter: 0, clock };
  const registry = new BreakerRegistry({ metrics, defaults, maxBreakers });
  /** By metric name: attribute values joined, and the value. */
  const read = (name: string): Record<string, number> => {
    const instrument = metrics.collect().find((each) => each.name === name);
    const points = instrument === undefined || instrument.kind === "histogram" ? [] : instrument.points;
    return Object.fromEntries(
      points.map(({ attributes, value }) => [Object.values(attributes).join(" "), value]),
    );
  };
  const fail = async (name: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++)
      await registry
        .get(name)
        .execute(fails)
        .catch(() => {});
  };
  return { registry, clock, read, fail };
}

describe("metrics of breakers", () => {
  it("are none before there is a breaker", () => {
    expect(new MetricSources().collect()).toEqual([]);
  });

  it("say each state with 0 or 1, for a breaker that nobody has called yet too", () => {
    const { registry, read } = setUp();
    registry.get("a");
    expect(read("agents.breaker.state")).toEqual({
      "a closed": 1,
      "a open": 0,
      "a half_open": 0,
      "a forced_open": 0,
      "a disabled": 0,
    });
  });

  it("say the state of now when the open time has passed and nobody has called since", async () => {
    const { clock, read, fail } = setUp();
    await fail("a", 2);
    expect(read("agents.breaker.state")).toMatchObject({ "a open": 1, "a half_open": 0 });
    clock.advance(1_000);
    expect(read("agents.breaker.state")).toMatchObject({ "a open": 0, "a half_open": 1 });
  });

  it("count transitions by from, to and reason", async () => {
    const { registry, clock, read, fail } = setUp();
    await fail("a", 2);
    clock.advance(1_000);
    await registry.get("a").execute(async () => {});
    await fail("a", 2);
    expect(read("agents.breaker.transitions")).toEqual({
      "a closed open tripped": 2,
      "a open half_open recovery_time_over": 1,
      "a half_open closed probes_succeeded": 1,
    });
  });

  it("count refusals, with 0 before the first, so that its increase shows", async () => {
    const { registry, read, fail } = setUp();
    registry.get("a");
    expect(read("agents.breaker.rejections")).toEqual({ a: 0 });
    await fail("a", 5);
    expect(read("agents.breaker.rejections")).toEqual({ a: 3 });
  });

  it("count late results and those that say nothing", async () => {
    const { registry, read, fail } = setUp();
    const late = Promise.withResolvers<void>();
    const call = registry.get("a").execute(() => late.promise);
    await fail("a", 2);
    late.resolve();
    await call;
    registry.get("b");
    await registry
      .get("b")
      .execute(() => Promise.reject(new DOMException("gone", "AbortError")))
      .catch(() => {});
    expect(read("agents.breaker.late_results")).toEqual({ a: 1, b: 0 });
    expect(read("agents.breaker.ignored_results")).toEqual({ a: 0, b: 1 });
  });

  it("never go down when a breaker is let go: what it had counted is under _OTHER", async () => {
    const { registry, clock, read, fail } = setUp(1);
    await fail("a", 5);
    clock.advance(1_000);
    await registry.get("a").execute(async () => {});
    registry.get("b");
    expect(read("agents.breaker.rejections")).toEqual({ b: 0, _OTHER: 3 });
    expect(read("agents.breaker.transitions")).toMatchObject({ "_OTHER closed open tripped": 1 });
  });

  it("have at most 200 names, and every count", async () => {
    const { read, fail } = setUp();
    for (let i = 0; i < 300; i++) await fail(`agent ${"abcdefghijklmnopqrst"[i % 20]} ${i}`, 3);
    const rejections = read("agents.breaker.rejections");
    expect(Object.keys(rejections).length).toBe(201);
    expect(Object.values(rejections).reduce((sum, each) => sum + each)).toBe(300);
  });
});
