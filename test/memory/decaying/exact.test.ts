import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MEMORY_TYPES } from "../../../src/memory/decaying/memory-type.ts";
import { decayingMemory } from "../../../src/memory/decaying-memory.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";
import { BruteForce } from "./brute-force.ts";

const HOUR_MS = 3_600_000;
const type = fc.constantFrom(...MEMORY_TYPES);
/** Many that are alike, so that scores are equal. */
const importance = fc.oneof(fc.constantFrom(0, 0.1, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const ms = fc.oneof(
  fc.constantFrom(0, 1, 1_000, HOUR_MS, 24 * HOUR_MS, 10_000 * HOUR_MS),
  fc.nat({ max: 100 * HOUR_MS }),
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      type,
      importance,
      times: fc.integer({ min: 1, max: 90 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("recall" as const),
      topK: fc.oneof(fc.constantFrom(0, 1, 20, 1_000), fc.nat({ max: 60 })),
      types: fc.uniqueArray(type),
      minRelevance: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("advance" as const), ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wall" as const), ms }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("remove" as const), id: fc.integer({ min: 1, max: 300 }) }),
  },
);

describe("decayingMemory against scoring and sorting all", () => {
  it("recalls the same entries in the same order, and lets the same ones go", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40, size: "max" }),
        fc.constantFrom(1, 3, 20, 100, 400, 1_000),
        fc.constantFrom(0, 0.1, 0.4),
        (steps, maxEntries, evictionThreshold) => {
          const clock = new ManualClock();
          const metrics = new MetricSources();
          const memory = decayingMemory({ maxEntries, evictionThreshold, clock, metrics });
          const brute = new BruteForce(maxEntries, evictionThreshold);
          for (const each of steps) {
            if (each.do === "add")
              for (let i = 0; i < each.times; i++) {
                memory.add("x", each.type, { importance: each.importance });
                brute.add(each.type, each.importance);
              }
            else if (each.do === "recall") {
              const { topK, types, minRelevance } = each;
              const found = memory.recall({ topK, types, minRelevance });
              expect(found.map(({ id, relevance }) => [id, relevance] as const)).toEqual(
                brute.recall(topK, types, minRelevance),
              );
            } else if (each.do === "remove") expect(memory.remove(each.id)).toBe(brute.remove(each.id));
            else if (each.do === "wall") clock.setWallClock(each.ms);
            else {
              clock.advance(each.ms);
              brute.nowMs += each.ms;
            }
            expect(memory.size).toBe(brute.entries.length);
          }
          const all = memory.recall({ topK: 10_000 }).map(({ id }) => id);
          expect(all).toEqual(brute.recall(10_000, [], 0).map(([id]) => id));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
