import { describe, expect, it } from "vitest";
import { rateLimit } from "../../../src/resilience/rate-limit.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { burstOf, DAY_MS, HOUR_MS, limited, MINUTE_MS } from "./support.ts";

describe("rateLimit", () => {
  it("lets exactly the limit through when a thousand come at once", async () => {
    const limiter = rateLimit({ name: "openai", perMinute: 100, burst: 100, metrics: new MetricSources() });
    const calls = Array.from({ length: 1_000 }, async () => limiter.tryAcquire());
    const decisions = await Promise.all(calls);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(100);
  });

  it("spaces calls evenly unless it is given a burst", () => {
    const { limiter, time } = limited({ perMinute: 20 });
    expect(burstOf(limiter, 10)).toBe(1);
    time.advance(2_999);
    expect(burstOf(limiter, 10)).toBe(0);
    time.advance(1);
    expect(burstOf(limiter, 10)).toBe(1);
  });

  it("says what remains, and when the next would pass", () => {
    const { limiter, time } = limited({ perMinute: 60, burst: 2 });
    expect(limiter.tryAcquire()).toMatchObject({ allowed: true, remaining: 1, retryAfterMs: 0 });
    expect(limiter.tryAcquire()).toMatchObject({ allowed: true, remaining: 0, retryAfterMs: 0 });
    time.advance(250);
    const refused = { allowed: false, remaining: 0, retryAfterMs: 750, reason: "rate", limit: "perMinute" };
    expect(limiter.tryAcquire()).toEqual(refused);
    time.advance(750);
    expect(limiter.tryAcquire().allowed).toBe(true);
  });

  it("counts nothing for a call that it refuses", () => {
    const { limiter, time } = limited({ perMinute: 60 });
    burstOf(limiter, 1_000);
    time.advance(1_000);
    expect(limiter.tryAcquire().allowed).toBe(true);
  });

  it("takes from every limit or from none", () => {
    const { limiter } = limited({ perMinute: 60, burst: 2, tokensPerMinute: 100 });
    expect(limiter.tryAcquire({ tokens: 100 }).allowed).toBe(true);
    for (let i = 0; i < 10; i++)
      expect(limiter.tryAcquire({ tokens: 1 })).toMatchObject({ allowed: false, limit: "tokensPerMinute" });
    expect(limiter.tryAcquire({ tokens: 0 }).allowed).toBe(true);
  });

  it("counts a call for its cost", () => {
    const { limiter } = limited({ perMinute: 60, burst: 10 });
    expect(limiter.tryAcquire({ cost: 7 })).toMatchObject({ allowed: true, remaining: 3 });
    expect(limiter.tryAcquire({ cost: 4 })).toMatchObject({
      allowed: false,
      remaining: 3,
      retryAfterMs: 1_000,
    });
    expect(limiter.tryAcquire({ cost: 3 }).allowed).toBe(true);
  });

  it("holds the longer of two limits in any period, and spreads the shorter", () => {
    const { limiter, time } = limited({ perSecond: 10, perMinute: 100, burst: 10 });
    const seconds = Array.from({ length: 180 }, () => {
      const passed = burstOf(limiter, 50);
      time.advance(1_000);
      return passed;
    });
    const minutes = seconds.slice(59).map((_, i) => sum(seconds.slice(i, i + 60)));
    expect(Math.max(...minutes)).toBe(100);
    expect(Math.max(...seconds)).toBe(10);
  });

  it("lets no 24 hours hold more than perDay, wherever they begin", () => {
    const { limiter, time } = limited({ perDay: 100 });
    const hours = Array.from({ length: 24 * 10 }, (_, hour) => {
      time.advance(HOUR_MS / 2);
      const passed = burstOf(limiter, hour % 7 === 0 ? 100 : 3);
      time.advance(HOUR_MS / 2);
      return passed;
    });
    const days = hours.slice(23).map((_, i) => sum(hours.slice(i, i + 24)));
    expect(Math.max(...days)).toBe(100);
    expect(sum(hours)).toBeGreaterThanOrEqual(900);
  });

  it("frees what a day has used 24 to 25 hours later", () => {
    const { limiter, time } = limited({ perDay: 2 });
    time.advance(10 * MINUTE_MS);
    expect(burstOf(limiter, 3)).toBe(2);
    const { retryAfterMs } = limiter.tryAcquire();
    expect(retryAfterMs).toBeGreaterThanOrEqual(DAY_MS);
    expect(retryAfterMs).toBeLessThanOrEqual(DAY_MS + HOUR_MS);
    time.advance(retryAfterMs - 1);
    expect(burstOf(limiter, 3)).toBe(0);
    time.advance(1);
    expect(burstOf(limiter, 3)).toBe(2);
  });

  it.each([
    [{ cost: 3 }, "cost must be at most 2 (burst of perMinute), or it could never pass, got 3"],
    [{ tokens: 1_001 }, "tokens must be at most 1000 (tokensPerMinute), or it could never pass, got 1001"],
    [{ cost: 0 }, "cost must be a whole number >= 1, got 0"],
    [{ cost: Number.NaN }, "cost must be a whole number >= 1, got NaN"],
    [{ tokens: -1 }, "tokens must be a whole number >= 0, got -1"],
    [{ tokens: 1.5 }, "tokens must be a whole number >= 0, got 1.5"],
  ])("refuses the request %j at once", async (request, message) => {
    const { limiter } = limited({ perMinute: 20, burst: 2, tokensPerMinute: 1_000 });
    const error = { name: "RangeError", message: `rate limit "test": ${message}` };
    expect(() => limiter.tryAcquire(request)).toThrow(expect.objectContaining(error));
    await expect(limiter.acquire(request)).rejects.toMatchObject(error);
    expect(burstOf(limiter, 3)).toBe(2);
  });

  it("says in fields by how much a request is too large", () => {
    const { limiter } = limited({ perMinute: 20, burst: 2 });
    const facts = { limiter: "test", limit: "perMinute", asked: 5, most: 2 };
    expect(() => limiter.tryAcquire({ cost: 5 })).toThrow(expect.objectContaining(facts));
  });
});

describe("options of rateLimit", () => {
  const store = { name: "shop.db" };

  it.each([
    [
      { name: "a" },
      "rateLimit: give at least one of perSecond, perMinute, perDay, tokensPerMinute, tokensPerDay",
    ],
    [{ name: "", perMinute: 1 }, 'rateLimit: name must not be empty, got ""'],
    [{ name: "a", perMinute: 0 }, "rateLimit: perMinute must be a whole number >= 1, got 0"],
    [{ name: "a", perMinute: Number.NaN }, "rateLimit: perMinute must be a whole number >= 1, got NaN"],
    [{ name: "a", perDay: -5 }, "rateLimit: perDay must be a whole number >= 1, got -5"],
    [{ name: "a", tokensPerDay: 0.5 }, "rateLimit: tokensPerDay must be a whole number >= 1, got 0.5"],
    [{ name: "a", perMinute: 1, burst: 0 }, "rateLimit: burst must be a whole number >= 1, got 0"],
    [{ name: "a", perDay: 1, burst: 1 }, "rateLimit: burst needs perSecond or perMinute"],
    [{ name: "a", perMinute: 1, maxWaiting: 0 }, "rateLimit: maxWaiting must be a whole number >= 1, got 0"],
    [
      { name: "a", tokensPerMinute: 5, tokens: 6 },
      "rateLimit: tokens must be at most tokensPerMinute (5), got 6",
    ],
    [{ name: "a", perMinute: 1, key: 5 }, "rateLimit: key must be a string or a function, got number"],
    [{ name: "a", perMinute: 1, wait: "no" }, "rateLimit: wait must be true or false, got no"],
    [{ name: "a", perMinute: 1, store }, 'rateLimit: store "shop.db" has no rate limits'],
    [{ name: "a", perMinute: 1, onStoreFailure: "open" }, "rateLimit: onStoreFailure needs a store"],
    [
      { name: "a", perMinute: 1, onStoreFailure: "shut" },
      'rateLimit: onStoreFailure must be "open", "closed" or "insured", got "shut"',
    ],
    [
      { name: "a", perMinute: 1, store: { name: "b", rateLimits: {} }, onStoreFailure: "insured" },
      "rateLimit: insured needs expectedProcesses, or every process would have the whole limit",
    ],
  ])("refuse %j", (options, message) => {
    expect(() => rateLimit(options as never)).toThrow(message);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
