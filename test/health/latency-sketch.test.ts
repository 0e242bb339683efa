import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatencySketch } from "../../src/health/rollup/latency-sketch.ts";

function sketchOf(durations: readonly number[]): LatencySketch {
  const sketch = new LatencySketch();
  for (const duration of durations) sketch.add(duration);
  return sketch;
}

const durations = fc.array(fc.double({ min: 0.01, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 60 });

describe("LatencySketch", () => {
  it("of one duration says that one", () => {
    expect(sketchOf([900]).quantile(0.5)).toBe(900);
  });

  it("knows no quantile without durations", () => {
    expect(sketchOf([]).quantile(0.5)).toBeUndefined();
  });

  it("is at most 2.3 % off, and never beyond what there was", () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const sorted = list.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * list.length)) - 1]!;
        const said = sketchOf(list).quantile(q)!;
        expect(Math.abs(said / exact - 1)).toBeLessThan(0.023);
        expect(said).toBeGreaterThanOrEqual(sorted[0]!);
        expect(said).toBeLessThanOrEqual(sorted.at(-1)!);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same stored, and of two parts, as of the whole", () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const parts = LatencySketch.fromText(sketchOf(one).toText());
        parts.merge(LatencySketch.fromText(sketchOf(other).toText()));
        const whole = sketchOf([...one, ...other]);
        for (const q of [0, 0.5, 0.95, 1]) expect(parts.quantile(q)).toBe(whole.quantile(q));
        expect(parts.count).toBe(whole.count);
      }),
    );
  });

  it("reads what it can of a damaged text", () => {
    for (const text of ["", ";", "x;y", "1;2:3", "NaN;1:-1;x;y", "5;;-1"])
      expect(() => LatencySketch.fromText(text).quantile(0.5)).not.toThrow();
  });
});
