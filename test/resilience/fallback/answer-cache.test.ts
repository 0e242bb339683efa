import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerCache } from "../../../src/resilience/fallback/answer-cache.ts";
import { ManualClock } from "../../../src/testing/index.ts";

describe("the cache of answers", () => {
  it("is never above its number or its bytes", () => {
    const operation = fc.record({ key: fc.nat(20).map(String), size: fc.nat(3_000) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: "max" }), (operations) => {
        const cache = new AnswerCache(
          { maxAgeMs: 1_000, maxEntries: 5, maxBytes: 10_000 },
          new ManualClock(),
        );
        for (const { key, size } of operations) {
          cache.set(key, "x".repeat(size));
          expect(cache.size).toBeLessThanOrEqual(5);
          expect(cache.bytes).toBeLessThanOrEqual(10_000);
          expect(cache.get(key)?.value).toBe("x".repeat(size));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("counts no bytes for what it has given up", () => {
    const clock = new ManualClock();
    const cache = new AnswerCache({ maxAgeMs: 1_000, maxEntries: 5, maxBytes: 10_000 }, clock);
    cache.set("a", "answer");
    cache.set("a", "another answer");
    clock.advance(1_001);
    cache.get("a");
    expect(cache.bytes).toBe(0);
  });

  it("does not answer where the clock has gone back behind the answer", () => {
    let now = 1_000;
    const clock = { now: () => now, monotonic: () => now };
    const cache = new AnswerCache({ maxAgeMs: 1_000, maxEntries: 5, maxBytes: 10_000 }, clock);
    cache.set("a", "answer");
    now = 500;
    expect(cache.get("a")).toBeUndefined();
  });
});
