import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import type { RateKey, RateLimitStore } from "../../src/stores/rate-limits/rate-limit-store.ts";
import type { BucketRule, RateRule, WindowRule } from "../../src/stores/rate-limits/rate-rule.ts";
import { INJECTIONS } from "./injections.ts";

/** Each call is another client of the same database. */
export type OpenRateLimits = () => Promise<RateLimitStore>;

const DAY_SLOT_MS = 3_600_000;
const ONE = { calls: 1, tokens: 0 };

/** What flows back is nothing within a test. */
const CALLS: BucketRule = {
  kind: "bucket",
  name: "perMinute",
  of: "calls",
  amount: 1,
  capacity: 20,
  perMs: 1e-7,
};
const TOKENS: BucketRule = { ...CALLS, name: "tokensPerMinute", of: "tokens", capacity: 1_000 };
const DAY: WindowRule = {
  kind: "window",
  name: "perDay",
  of: "calls",
  amount: 30,
  capacity: 30,
  slotMs: DAY_SLOT_MS,
};

/** What every driver for rate limits does, whatever it is kept in. */
export function rateLimitStoreSuite(open: OpenRateLimits): void {
  const passed = async (store: RateLimitStore, key: RateKey, calls: number): Promise<number> => {
    const all = await Promise.all(Array.from({ length: calls }, () => store.take(key, ONE, 0)));
    return all.filter(({ allowed }) => allowed).length;
  };

  it("lets exactly the limit through when a thousand come at once from two clients", async () => {
    const [one, other, key] = [await open(), await open(), newKey([CALLS])];
    const both = await Promise.all([passed(one, key, 500), passed(other, key, 500)]);
    expect(both[0] + both[1]).toBe(20);
  });

  it("says what remains, and why and for how long it refuses", async () => {
    const [store, key] = [await open(), newKey([CALLS, TOKENS])];
    const first = await store.take(key, { calls: 5, tokens: 900 }, 0);
    expect(first).toEqual({
      allowed: true,
      remaining: 15,
      retryAfterMs: 0,
      reason: undefined,
      limit: undefined,
    });
    const second = await store.take(key, { calls: 1, tokens: 101 }, 0);
    expect(second).toMatchObject({ allowed: false, remaining: 15, reason: "rate", limit: "tokensPerMinute" });
    expect(second.retryAfterMs).toBeGreaterThan(9_000_000);
    expect(second.retryAfterMs).toBeLessThanOrEqual(10_000_000);
  });

  it("takes from all limits or from none", async () => {
    const [store, key] = [await open(), newKey([CALLS, TOKENS])];
    await store.take(key, { calls: 1, tokens: 1_000 }, 0);
    for (let i = 0; i < 30; i++) await store.take(key, { calls: 1, tokens: 10 }, 0);
    expect((await store.take(key, ONE, 0)).remaining).toBe(18);
  });

  it("frees with time what was used", async () => {
    const [store, key] = [await open(), newKey([{ ...CALLS, capacity: 1, perMs: 0.01 }])];
    expect(await store.take(key, ONE, 0)).toMatchObject({ allowed: true });
    const { retryAfterMs } = await store.take(key, ONE, 0);
    expect(retryAfterMs).toBeLessThanOrEqual(100);
    await until(async () => (await store.take(key, ONE, 0)).allowed);
  });

  it("does not lose the time that a call comes late", async () => {
    const key = newKey([{ ...CALLS, capacity: 1, perMs: 0.01 }]);
    const store = await open();
    await store.take(key, ONE, 0);
    await pause(170);
    expect((await store.take(key, ONE, 70)).allowed).toBe(true);
    const { retryAfterMs } = await store.take(key, ONE, 0);
    expect(retryAfterMs).toBeLessThanOrEqual(35);
  });

  it("lets no window hold more than its limit", async () => {
    const [store, key] = [await open(), newKey([{ ...CALLS, capacity: 1_000 }, DAY])];
    expect(await passed(store, key, 100)).toBe(30);
    const { limit, retryAfterMs } = await store.take(key, ONE, 0);
    expect(limit).toBe("perDay");
    expect(retryAfterMs).toBeGreaterThan(24 * DAY_SLOT_MS);
    expect(retryAfterMs).toBeLessThanOrEqual(25 * DAY_SLOT_MS);
  });

  it("frees the slots of a window one after the other", async () => {
    const [store, key] = [await open(), newKey([{ ...DAY, capacity: 5, slotMs: 20 }])];
    expect(await passed(store, key, 10)).toBe(5);
    const startMs = performance.now();
    await until(async () => (await store.take(key, ONE, 0)).allowed);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(24 * 20 - 25);
  });

  it("counts what is told afterwards, in both directions", async () => {
    const [store, key] = [await open(), newKey([TOKENS, { ...DAY, of: "tokens", capacity: 1_000 }])];
    await store.take(key, { calls: 1, tokens: 600 }, 0);
    await store.add(key, { calls: 0, tokens: 500 });
    expect((await store.take(key, ONE, 0)).allowed).toBe(false);
    await store.add(key, { calls: 0, tokens: -400 });
    expect(await store.take(key, { calls: 1, tokens: 300 }, 0)).toMatchObject({
      allowed: true,
      remaining: 0,
    });
    await store.add(key, { calls: 0, tokens: -5_000 });
    expect(await store.take(key, { calls: 1, tokens: 1_000 }, 0)).toMatchObject({ allowed: true });
  });

  it("pauses a key for every client, and never shortens a pause", async () => {
    const [one, other, key] = [await open(), await open(), newKey([CALLS])];
    await one.pause(key, 60_000);
    await other.pause(key, 1_000);
    const refused = await other.take(key, ONE, 0);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, reason: "paused", limit: undefined });
    expect(refused.retryAfterMs).toBeGreaterThan(50_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect((await one.take(newKey([CALLS]), ONE, 0)).allowed).toBe(true);
  });

  it("ends a pause", async () => {
    const [store, key] = [await open(), newKey([CALLS])];
    await store.pause(key, 60);
    await until(async () => (await store.take(key, ONE, 0)).allowed);
  });

  it("pauses for five minutes at most", async () => {
    const [store, key] = [await open(), newKey([CALLS])];
    await store.pause(key, 86_400_000);
    expect((await store.take(key, ONE, 0)).retryAfterMs).toBeLessThanOrEqual(300_000);
  });

  it("lowers a bucket to what is left, and never raises it", async () => {
    const [store, key] = [await open(), newKey([CALLS, TOKENS])];
    await store.lower(key, { calls: 3 });
    await store.lower(key, { calls: 19 });
    expect(await passed(store, key, 30)).toBe(3);
    await store.lower(key, { tokens: 0 });
    expect((await store.take(newKey([CALLS]), ONE, 0)).allowed).toBe(true);
  });

  it("keeps limiters, keys and shapes apart that look alike", async () => {
    const store = await open();
    const id = randomUUID();
    const pairs: readonly (readonly [limiter: string, key: string])[] = [
      [`${id}:a`, "b"],
      [id, "a:b"],
      [`${id}"`, "b"],
      [id, '","b'],
      [id, "{x}"],
      [id, ""],
      [id, "é"],
      [id, "e\u0301"],
    ];
    for (const [limiter, key] of pairs)
      expect(await passed(store, { limiter, key, rules: [CALLS] }, 25), key).toBe(20);
    expect(await passed(store, { limiter: id, key: "", rules: [DAY] }, 50)).toBe(30);
  });

  it("keeps what was used when a limit's amount changes", async () => {
    const [store, key] = [await open(), newKey([CALLS])];
    await passed(store, key, 15);
    expect(await passed(store, { ...key, rules: [{ ...CALLS, capacity: 25 }] }, 30)).toBe(10);
  });

  it("takes names for names, whatever is in them", async () => {
    const store = await open();
    for (const text of INJECTIONS.filter((_, i) => i % 20 === 0)) {
      const key = { limiter: `${randomUUID()}${text}`, key: text, rules: [CALLS] };
      expect((await store.take(key, ONE, 0)).remaining).toBe(19);
    }
  });
}

function newKey(rules: readonly RateRule[]): RateKey {
  return { limiter: `limiter ${randomUUID()}`, key: "a key", rules };
}

/** Databases have clocks of their own, which nobody can move. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error("it did not come within 10 s");
    await pause(5);
  }
}
