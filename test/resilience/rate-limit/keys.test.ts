import { describe, expect, it } from "vitest";
import { rulesOf } from "../../../src/resilience/rate-limit/rules-of.ts";
import { MemoryRates } from "../../../src/stores/rate-limits/memory-rates.ts";
import { burstOf, limited } from "./support.ts";

function ratesWith(maxKeys: number) {
  const time = { nowMs: 0 };
  const rules = rulesOf({ name: "keys", perMinute: 60, burst: 2 });
  const rates = new MemoryRates({ rules, name: "keys", maxKeys, nowMs: () => time.nowMs });
  return { rates, time };
}

describe("keys of a rate limit", () => {
  it("have the whole limit each", () => {
    const { limiter } = limited({ perMinute: 60, burst: 2 });
    expect(["a", "b", "__proto__"].map((key) => burstOf(limiter, 5, key))).toEqual([2, 2, 2]);
  });

  it("keep what they have used, however many come after them", () => {
    const { limiter } = limited({ perMinute: 60, burst: 2 });
    const keys = Array.from({ length: 500 }, (_, i) => `user ${i}`);
    expect(keys.map((key) => burstOf(limiter, 1, key))).toEqual(keys.map(() => 1));
    expect(keys.map((key) => burstOf(limiter, 5, key))).toEqual(keys.map(() => 1));
  });

  it("are asked for with each call that names none", () => {
    let tenant = "a";
    const { limiter } = limited({ perMinute: 60, key: () => tenant });
    expect(burstOf(limiter, 2)).toBe(1);
    tenant = "b";
    expect(burstOf(limiter, 2)).toBe(1);
    expect(burstOf(limiter, 1, "a")).toBe(0);
  });

  it("are let go when all is free again, which gives nobody more", () => {
    const { rates, time } = ratesWith(100_000);
    for (let i = 0; i < 50_000; i++) {
      time.nowMs += 1;
      rates.take(`user-${i}`, 1, 0);
    }
    expect(rates.size).toBeLessThanOrEqual(4_096);
  });

  it("share one limit beyond so many that are in use", () => {
    const { rates } = ratesWith(3);
    for (const key of ["a", "b", "c"]) rates.take(key, 1, 0);
    const others = ["d", "e", "f", "g"].map((key) => rates.take(key, 1, 0).allowed);
    expect(others).toEqual([true, true, false, false]);
    expect(rates.take("a", 1, 0).allowed).toBe(true);
    expect(rates.size).toBe(3);
  });

  it("are not kept in the message of a refusal, since they may be users", async () => {
    const { limiter } = limited({ perMinute: 60, wait: false, key: "jane@corp.example" });
    await limiter.execute(() => 1);
    const refusal = await limiter.execute(() => 1).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ key: "jane@corp.example" });
    expect(String(refusal)).not.toContain("jane");
  });

  it.each([
    ["x".repeat(257), "at most 256 characters"],
    [5, "must be a string, got number"],
  ])("are refused where they are %s", (key, message) => {
    const { limiter } = limited({ perMinute: 60 });
    expect(() => limiter.tryAcquire({ key: key as string })).toThrow(message);
  });
});
