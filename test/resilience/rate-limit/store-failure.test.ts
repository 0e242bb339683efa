import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  type RateLimitOptions,
  rateLimit,
  type SharedRateLimiter,
} from "../../../src/resilience/rate-limit.ts";
import { MemoryRates } from "../../../src/stores/rate-limits/memory-rates.ts";
import type { RateLimitStore } from "../../../src/stores/rate-limits/rate-limit-store.ts";
import type { RateRule } from "../../../src/stores/rate-limits/rate-rule.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualTimers } from "../../stores/ledger/manual-timers.ts";
import { MINUTE_MS, pass, watched } from "./support.ts";

type State = "up" | "down" | "silent";

/** A store that several limiters share, and that can be taken down. */
class TestStore {
  readonly time = new ManualTimers();
  readonly metrics = new MetricSources();
  state: State = "up";
  asked = 0;
  #rates: MemoryRates | undefined;

  limiter(options: Partial<RateLimitOptions>): SharedRateLimiter {
    const { clock, after } = this.time;
    const store = { name: "test store", rateLimits: this.#store() };
    return rateLimit({
      name: "test",
      clock,
      after,
      random: () => 0,
      metrics: this.metrics,
      ...options,
      store,
    });
  }

  #store(): RateLimitStore {
    const up = async <T>(rules: readonly RateRule[], work: (rates: MemoryRates) => T): Promise<T> => {
      this.asked += 1;
      if (this.state === "silent") return new Promise(() => {});
      if (this.state === "down") throw new Error("connection refused");
      const nowMs = () => this.time.clock.monotonic();
      this.#rates ??= new MemoryRates({ rules, name: "store", maxKeys: 100, nowMs });
      return work(this.#rates);
    };
    return {
      take: ({ key, rules }, { calls, tokens }, lateMs) =>
        up(rules, (rates) => rates.take(key, calls, tokens, lateMs)),
      add: ({ key, rules }, amounts) => up(rules, (rates) => rates.add(key, amounts)),
      pause: ({ key, rules }, ms) => up(rules, (rates) => rates.pause(key, ms)),
      lower: ({ key, rules }, remaining) => up(rules, (rates) => rates.lower(key, remaining)),
    };
  }
}

async function passed(limiter: SharedRateLimiter, calls: number): Promise<number> {
  const all = await Promise.all(Array.from({ length: calls }, () => limiter.tryAcquire()));
  return all.filter(({ allowed }) => allowed).length;
}

const LIMIT = { perMinute: 60, burst: 12 } as const;

describe("a limit in a store", () => {
  it("is one limit for all that share it", async () => {
    const store = new TestStore();
    const [one, other] = [store.limiter(LIMIT), store.limiter(LIMIT)];
    const both = await Promise.all([passed(one, 500), passed(other, 500)]);
    expect(both[0] + both[1]).toBe(12);
  });

  it("serves those who wait in the order of asking", async () => {
    const store = new TestStore();
    const limiter = store.limiter({ perMinute: 60, burst: 5 });
    const served: number[] = [];
    for (const [i, cost] of [5, 5, 1, 4].entries()) void limiter.acquire({ cost }).then(() => served.push(i));
    for (let s = 0; s < 12; s++) await pass(store.time, 1_000);
    expect(served).toEqual([0, 1, 2, 3]);
  });

  it("gets back what was taken for a caller who gave up meanwhile", async () => {
    const store = new TestStore();
    const limiter = store.limiter({ perMinute: 60, burst: 5 });
    const caller = new AbortController();
    const waiting = limiter.acquire({ cost: 5 }, caller.signal);
    caller.abort("enough");
    await expect(waiting).rejects.toBe("enough");
    await turn();
    expect(await limiter.tryAcquire({ cost: 5 })).toMatchObject({ allowed: true });
  });

  it("is paused for all that share it", async () => {
    const store = new TestStore();
    const [one, other] = [store.limiter(LIMIT), store.limiter(LIMIT)];
    one.recordFailure({ status: 429, headers: { "retry-after": "20" } });
    await turn();
    expect(await other.tryAcquire()).toMatchObject({
      allowed: false,
      reason: "paused",
      retryAfterMs: 20_000,
    });
  });
});

describe("while the store cannot be reached", () => {
  it("`open` lets every call pass", async () => {
    const store = new TestStore();
    const limiter = store.limiter({ ...LIMIT, onStoreFailure: "open" });
    store.state = "down";
    expect(await passed(limiter, 100)).toBe(100);
    expect(await limiter.execute(() => "answer")).toBe("answer");
  });

  it("`closed`, the default, refuses every call, and says why", async () => {
    const store = new TestStore();
    const limiter = store.limiter(LIMIT);
    store.state = "down";
    expect(await passed(limiter, 100)).toBe(0);
    await expect(limiter.execute(() => "answer")).rejects.toMatchObject({
      code: "rate_limited",
      reason: "store",
      retryAfterMs: 1_000,
      limit: undefined,
      cause: new Error("connection refused"),
    });
  });

  it("`insured` processes together stay below the limit", async () => {
    const store = new TestStore();
    const options = { ...LIMIT, onStoreFailure: "insured", expectedProcesses: 4 } as const;
    const processes = Array.from({ length: 4 }, () => store.limiter(options));
    store.state = "down";
    let admitted = 0;
    for (let ms = 0; ms <= MINUTE_MS; ms += 1_000) {
      for (const limiter of processes) admitted += await passed(limiter, 50);
      await pass(store.time, 1_000);
    }
    expect(admitted).toBe(12 + 60);
  });

  it("`insured` lets a call pass that is larger than one part, and waits the longer after it", async () => {
    const store = new TestStore();
    const limiter = store.limiter({
      tokensPerMinute: 6_000,
      onStoreFailure: "insured",
      expectedProcesses: 4,
    });
    store.state = "down";
    expect(await limiter.tryAcquire({ tokens: 6_000 })).toMatchObject({ allowed: true });
    expect(await limiter.tryAcquire({ tokens: 1_500 })).toMatchObject({
      allowed: false,
      retryAfterMs: 240_000,
    });
  });

  it("`insured` heeds a provider's pause", async () => {
    const store = new TestStore();
    const limiter = store.limiter({ ...LIMIT, onStoreFailure: "insured", expectedProcesses: 4 });
    store.state = "down";
    await limiter.tryAcquire();
    limiter.recordFailure({ status: 429, headers: { "retry-after": "20" } });
    expect(await limiter.tryAcquire()).toMatchObject({ allowed: false, reason: "paused" });
  });

  it("a store that does not answer costs three seconds once, and not every call", async () => {
    const store = new TestStore();
    const limiter = store.limiter(LIMIT);
    store.state = "silent";
    const first = watched(limiter.tryAcquire());
    await pass(store.time, 2_999);
    expect(first.state()).toBe("waiting");
    await pass(store.time, 1);
    expect(first.state()).toBe("done");
    const { asked } = store;
    expect(await limiter.tryAcquire()).toMatchObject({ reason: "store" });
    expect(store.asked).toBe(asked);
  });

  it("it is tried again by one call a second, and used again when it is back", async () => {
    const store = new TestStore();
    const limiter = store.limiter(LIMIT);
    store.state = "down";
    await limiter.tryAcquire();
    const { asked } = store;
    await pass(store.time, 1_000);
    await passed(limiter, 50);
    expect(store.asked).toBe(asked + 1);
    store.state = "up";
    await pass(store.time, 1_000);
    expect(await limiter.tryAcquire()).toMatchObject({ allowed: true });
    expect(await passed(limiter, 50)).toBe(11);
  });

  it("reports and corrections that cannot be stored trouble nobody", async () => {
    const store = new TestStore();
    const limiter = store.limiter({ tokensPerMinute: 1_000, onStoreFailure: "open" });
    const permit = await limiter.acquire({ tokens: 100 });
    store.state = "down";
    permit.report(500);
    limiter.recordHeaders({ "x-ratelimit-remaining-tokens": "1" });
    limiter.recordFailure({ status: 429, headers: { "retry-after": "20" } });
    await turn();
    expect(await limiter.tryAcquire()).toMatchObject({ allowed: true });
  });

  it("failures are counted", async () => {
    const store = new TestStore();
    const limiter = store.limiter(LIMIT);
    store.state = "down";
    await passed(limiter, 5);
    const counted = store.metrics.collect().find(({ name }) => name === "agents.rate_limit.store_failures");
    expect(counted?.points[0]).toMatchObject({ attributes: { "agents.rate_limit.name": "test" }, value: 5 });
  });
});
