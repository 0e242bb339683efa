import { expect, it } from "vitest";
import { ModelCache } from "../../src/cost/model-cache.ts";

it("never holds more than its capacity, however many names come", () => {
  const cache = new ModelCache<number>(100);
  for (let i = 0; i < 10_000; i++) cache.set(`provider-${i % 700}`, `model-${i}`, i);
  expect(cache.size).toBeLessThanOrEqual(100);
});

it("keeps what is in use while strangers pass by", () => {
  const cache = new ModelCache<number>(100);
  cache.set("openai", "gpt-4o", 1);
  for (let i = 0; i < 1_000; i++) {
    cache.set("hostile", `model-${i}`, i);
    if (i % 10 === 0) expect(cache.get("openai", "gpt-4o")).toBe(1);
  }
});

it("tells providers apart", () => {
  const cache = new ModelCache<number>(10);
  cache.set("a", "m", 1);
  cache.set("b", "m", 2);
  expect([cache.get("a", "m"), cache.get("b", "m"), cache.get("c", "m")]).toEqual([1, 2, undefined]);
});

it("refuses a capacity that holds nothing", () => {
  expect(() => new ModelCache(1)).toThrow("ModelCache: capacity must be a whole number >= 2, got 1");
});
