import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MEMORY_TYPES, type MemoryType } from "../../../src/memory/decaying/memory-type.ts";
import { DECAY_RATES, RELEVANCE_WEIGHTS, Relevance } from "../../../src/memory/decaying/relevance.ts";

type Row = readonly [
  type: MemoryType,
  importance: number,
  ageS: number,
  recencyS: number,
  count: number,
  score: number,
];

/** Computed by Python with the lines of the pattern. Seconds. */
const rows = JSON.parse(
  readFileSync(new URL("relevance-python.json", import.meta.url), "utf8"),
) as readonly Row[];

const RATES = { fact: 0.01, instruction: 0.005, result: 0.1, conversation: 0.05, decision: 0.02 };

/** The pattern's own lines once more, in its own order of operations. */
function pattern(
  type: MemoryType,
  importance: number,
  ageS: number,
  recencyS: number,
  count: number,
): number {
  const timeFactor = Math.exp(-RATES[type] * (ageS / 3600));
  const recencyBoost = Math.exp(-0.1 * (recencyS / 3600));
  const frequencyBoost = Math.log(1 + count) / 5;
  const score = importance * 0.4 + timeFactor * 0.3 + recencyBoost * 0.2 + frequencyBoost * 0.1;
  return Math.min(1, Math.max(0, score));
}

function ours(type: MemoryType, importance: number, ageS: number, recencyS: number, count: number): number {
  const relevance = new Relevance(DECAY_RATES, RELEVANCE_WEIGHTS);
  const nowMs = 1e12;
  const scored = {
    importanceShare: relevance.importanceShare(importance),
    frequencyShare: relevance.frequencyShare(count),
    createdMs: nowMs - ageS * 1_000,
    accessedMs: nowMs - recencyS * 1_000,
  };
  return relevance.score(MEMORY_TYPES.indexOf(type), scored, nowMs);
}

describe("relevance", () => {
  it("is what Python makes of the pattern's lines, to 1e-12", () => {
    // Times are told in whole milliseconds: a monotonic clock has no more.
    const off = rows.map(([type, importance, ageS, recencyS, count, score]) =>
      Math.abs(ours(type, importance, ageS, recencyS, count) - score),
    );
    expect(rows).toHaveLength(200);
    expect(Math.max(...off)).toBeLessThan(1e-12);
  });

  it("is the pattern's formula to 1e-12, for anything", () => {
    const hours = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...MEMORY_TYPES),
        fc.double({ min: 0, max: 1, noNaN: true }),
        hours,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (type, importance, ageS, share, count) => {
          const [age, recency] = [Math.round(ageS), Math.round(ageS * share)];
          const off =
            ours(type, importance, age, recency, count) - pattern(type, importance, age, recency, count);
          expect(Math.abs(off)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
