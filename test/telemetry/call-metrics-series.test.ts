import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeriesMap } from "../../src/telemetry/call-metrics/series-map.ts";

describe("a map of series", () => {
  it("folds the first label of its order before the next, and keeps what it knows", () => {
    const map = new SeriesMap(() => ({ n: 0 }), { foldOrder: [1, 0], series: 2 });
    for (const [agent, model] of [
      ["a", "x"],
      ["a", "y"],
      ["a", "z"],
      ["b", "z"],
      ["a", "x"],
    ] as const) {
      map.at([agent, model]).n += 1;
    }
    expect([...map.values()].map(({ labels, cell }) => [...labels, cell.n])).toEqual([
      ["a", "x", 2],
      ["a", "y", 1],
      ["a", "_OTHER", 1],
      ["_OTHER", "_OTHER", 1],
    ]);
  });

  it("never has two series with the same labels", () => {
    const label = fc.option(
      fc.oneof(fc.string(), fc.string({ minLength: 127, maxLength: 140, unit: fc.constant("x") })),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(label, label, label)), fc.integer({ min: 1, max: 20 }), (all, limit) => {
        const map = new SeriesMap(() => ({ n: 0 }), { foldOrder: [2, 1, 0], series: limit, values: 5 });
        for (const labels of all) map.at(labels).n += 1;
        const series = [...map.values()];
        const keys = series.map(({ labels }) => JSON.stringify(labels.map((each) => each ?? null)));
        expect(new Set(keys).size).toBe(keys.length);
        expect(series.reduce((sum, { cell }) => sum + cell.n, 0)).toBe(all.length);
      }),
    );
  });
});
