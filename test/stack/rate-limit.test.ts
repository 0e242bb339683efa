import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RateLimitOptions, rateLimit, type SharedRateLimiter } from "../../src/resilience/rate-limit.ts";
import { RedisConnection } from "../../src/stores/redis/redis-connection.ts";
import { redisRateLimits } from "../../src/stores/redis/redis-rate-limits.ts";
import { redisUrl } from "../../src/stores/redis/redis-url.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { ask } from "../faults/programs/rate-limit-processes.ts";
import { rateLimitStoreSuite } from "../stores/rate-limit-store-suite.ts";
import { type Stack, stackUp } from "./support/stack.ts";

const PROCESSES = 4;
let stack: Stack;

beforeAll(async () => {
  stack = await stackUp(23_700, ["redis"]);
});

afterAll(() => stack?.down());

const server = (): string => stack.endpoint("redis", "redis");
const connect = (): RedisConnection => new RedisConnection(redisUrl(server()));

describe("rate limits in Redis", () => {
  rateLimitStoreSuite(async () => redisRateLimits(connect()));

  it("leave nothing behind when a key tells nothing any more", async () => {
    const redis = connect();
    const name = randomUUID();
    const limiter = rateLimit({
      name,
      perSecond: 20,
      store: { name: "redis", rateLimits: redisRateLimits(redis) },
      metrics: new MetricSources(),
    });
    const keys = async (): Promise<readonly string[]> =>
      redis.use(async (client) => {
        const script = "return redis.call('KEYS', ARGV[1])";
        return (await client.eval(script, { keys: [], arguments: [`*${name}*`] })) as string[];
      });
    await limiter.tryAcquire();
    expect(await keys()).toHaveLength(1);
    await until(async () => (await keys()).length === 0);
  });
});

describe(`${PROCESSES} processes with one rate limit in one Redis`, () => {
  it("are let through exactly as often as the limit says, when each asks 250 times at once", async () => {
    const options = { name: randomUUID(), perDay: 100 };
    const { passed } = await ask({ database: server(), options, processes: PROCESSES, calls: 250 });
    expect(passed).toBe(100);
  });

  it("stay below the rate, and close to it, when they ask for three seconds", async () => {
    const options = { name: randomUUID(), perSecond: 50, burst: 10 };
    const load = { database: server(), options, processes: PROCESSES, calls: 3, forMs: 3_000 };
    const { passed, tookMs } = await ask(load);
    expect(passed).toBeLessThanOrEqual(10 + (tookMs / 1_000) * 50);
    expect(passed).toBeGreaterThanOrEqual(140);
  });
});

describe("a Redis that is killed and comes back", () => {
  const limiterOf = (options: Partial<RateLimitOptions>): SharedRateLimiter =>
    rateLimit({
      name: randomUUID(),
      perMinute: 1,
      burst: 8,
      metrics: new MetricSources(),
      ...options,
      store: { name: "redis", rateLimits: redisRateLimits(connect()) },
    });
  const passed = async (limiter: SharedRateLimiter, calls: number): Promise<number> => {
    const all = await Promise.all(Array.from({ length: calls }, () => limiter.tryAcquire()));
    return all.filter(({ allowed }) => allowed).length;
  };

  it("meanwhile lets through what each failure policy says, and afterwards the limit again", async () => {
    const open = limiterOf({ onStoreFailure: "open" });
    const closed = limiterOf({ onStoreFailure: "closed" });
    const insured = limiterOf({ onStoreFailure: "insured", expectedProcesses: 4 });
    const all = [open, closed, insured];
    for (const limiter of all) expect(await passed(limiter, 1)).toBe(1);

    stack.kill("redis");
    for (const limiter of all) await refusedOnce(limiter);
    expect(await passed(open, 50)).toBe(50);
    expect(await passed(closed, 50)).toBe(0);
    await expect(closed.acquire()).rejects.toMatchObject({ code: "rate_limited", reason: "store" });
    expect(await passed(insured, 50)).toBeLessThanOrEqual(2);

    await stack.restart("redis");
    await until(async () => (await closed.tryAcquire()).allowed);
    expect(await passed(closed, 50)).toBeLessThanOrEqual(7);
    await until(async () => (await passed(open, 50)) < 50);
  });

  it("keeps those waiting who wait for their turn, with the policy that holds", async () => {
    const closed = limiterOf({ perMinute: 30, burst: 1 });
    await closed.acquire();
    const waiting = closed.acquire();
    const refused = expect(waiting).rejects.toMatchObject({ reason: "store" });
    stack.kill("redis");
    await refused;
    await stack.restart("redis");
  });
});

/** The first call finds out; one that was under way may still have been answered. */
async function refusedOnce(limiter: SharedRateLimiter): Promise<void> {
  await limiter.tryAcquire();
  await limiter.tryAcquire();
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error("it did not come within 30 s");
    await wait(50);
  }
}
