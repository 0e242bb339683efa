import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setDeadline } from "../../../src/internal/deadline.ts";
import { rateLimit } from "../../../src/resilience/rate-limit.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { burstOf, limited, pass } from "./support.ts";

/** Attribute values joined, and the value, or what a histogram has counted and summed up. */
function read(metrics: MetricSources, name: string): Record<string, unknown> {
  const points = metrics.collect().find((each) => each.name === `agents.rate_limit.${name}`)?.points ?? [];
  return Object.fromEntries(
    points.map((point) => [
      Object.values(point.attributes).join(" "),
      "cell" in point ? [point.cell.count, point.cell.sum] : point.value,
    ]),
  );
}

describe("metrics of rate limits", () => {
  it("count what was let through and what was refused, by reason", async () => {
    const { limiter, metrics } = limited({ perMinute: 20, maxWaiting: 1 });
    burstOf(limiter, 4);
    void limiter.acquire();
    await limiter.acquire().catch(() => {});
    limiter.recordFailure({ status: 429, headers: { "retry-after": "9" } }, "paused");
    limiter.tryAcquire({ key: "paused" });
    expect(read(metrics, "admitted")).toEqual({ test: 1 });
    // Each reason from the start, so that the first refusal of a kind is an increase.
    expect(read(metrics, "rejections")).toEqual({
      "test rate": 3,
      "test queue_full": 1,
      "test paused": 1,
      "test deadline": 0,
      "test store": 0,
    });
    expect(read(metrics, "pauses")).toEqual({ test: 1 });
  });

  it("say what is allowed, calls and tokens apart", () => {
    const metrics = new MetricSources();
    rateLimit({ name: "a", perMinute: 20, perDay: 1_000, tokensPerMinute: 30_000, metrics });
    expect(read(metrics, "limit")).toEqual({ "a minute": 20, "a day": 1_000 });
    expect(read(metrics, "token_limit")).toEqual({ "a minute": 30_000 });
  });

  it("say how many wait now, and how long those waited who were let through", async () => {
    const { limiter, time, metrics } = limited({ perMinute: 20 });
    for (let i = 0; i < 3; i++) void limiter.acquire();
    expect(read(metrics, "waiting")).toEqual({ test: 2 });
    await pass(time, 3_000);
    expect(read(metrics, "waiting")).toEqual({ test: 1 });
    await pass(time, 3_000);
    expect(read(metrics, "waiting")).toEqual({ test: 0 });
    expect(read(metrics, "wait")).toEqual({ test: [2, 9] });
    expect(read(metrics, "admitted")).toEqual({ test: 3 });
  });

  it("do not grow with limiters that are made anew for each request", () => {
    const metrics = new MetricSources();
    for (let i = 0; i < 1_000; i++) rateLimit({ name: "same", perMinute: 1, metrics }).tryAcquire();
    expect(read(metrics, "admitted")).toEqual({ same: 1_000 });
    for (let i = 0; i < 300; i++) rateLimit({ name: `tool ${i} x`, perMinute: 1, metrics }).tryAcquire();
    const admitted = read(metrics, "admitted");
    expect(Object.keys(admitted)).toHaveLength(201);
    expect(admitted["_OTHER"]).toBe(101);
  });
});

describe("the span of a call that is refused", () => {
  const manager = new AsyncLocalStorageContextManager();
  beforeAll(() => context.setGlobalContextManager(manager.enable()));
  afterAll(() => context.disable());

  it("says which limit refused it, why, and for how long", async () => {
    const { limiter } = limited({ perMinute: 20, wait: false, key: "jane" });
    await limiter.execute(() => 1);
    const seen: unknown[] = [];
    const span = {
      isRecording: () => true,
      setAttributes: (attributes: unknown) => seen.push(attributes),
      addEvent: (name: string, attributes: unknown) => seen.push(name, attributes),
    };
    const active = trace.setSpan(context.active(), span as never);
    await context.with(active, () => limiter.execute(() => 1).catch(() => {}));
    const which = { "agents.rate_limit.name": "test", "agents.rate_limit.reason": "rate" };
    const event = { ...which, "agents.rate_limit.retry_after": 3 };
    expect(seen).toEqual([which, "agents.rate_limit.rejection", event]);
  });

  it("is the caller's own, where several wait", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    await limiter.acquire();
    const told: string[] = [];
    const spanned = (name: string, call: () => Promise<unknown>) => {
      const span = { isRecording: () => true, setAttributes: () => {}, addEvent: () => told.push(name) };
      return context.with(trace.setSpan(context.active(), span as never), call).catch(() => {});
    };
    const late = new AbortController();
    void spanned("first", () => limiter.acquire());
    void spanned("second", () => limiter.acquire({}, late.signal));
    setDeadline(late.signal, 4_000);
    const third = new AbortController();
    setDeadline(third.signal, 10_000);
    void spanned("third", () => limiter.acquire({}, third.signal));
    limiter.recordFailure({ status: 429, headers: { "retry-after": "60" } });
    await pass(time, 3_000);
    late.abort();
    await pass(time, 60_000);
    await pass(time, 3_000);
    expect(told).toEqual(["third"]);
  });

  it("may throw, and the caller still gets the refusal", async () => {
    const { limiter } = limited({ perMinute: 20, wait: false });
    await limiter.execute(() => 1);
    const fails = () => {
      throw new Error("the span is broken");
    };
    const active = trace.setSpan(context.active(), { isRecording: fails } as never);
    await context.with(active, () =>
      expect(limiter.execute(() => 1)).rejects.toMatchObject({ code: "rate_limited" }),
    );
  });
});
