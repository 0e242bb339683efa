import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeriesMap } from "../../src/telemetry/call-metrics/series-map.ts";
import { watch } from "../agent/support.ts";

const told = watch();
const counting = (values: number, names: readonly number[] = []) =>
  new SeriesMap(() => ({ n: 0 }), { foldOrder: [0, 1], values, names });

describe("the values of a label", () => {
  it("are the first that come along, and all later ones are _OTHER", () => {
    const map = counting(2);
    for (const agent of ["a", "b", "c", "d", "a"]) map.at([agent]).n += 1;
    expect([...map.values()].map(({ labels, cell }) => [labels[0], cell.n])).toEqual([
      ["a", 2],
      ["b", 1],
      ["_OTHER", 2],
    ]);
  });

  it("are counted for each label by itself", () => {
    const map = counting(1);
    map.at(["a", "x"]).n += 1;
    map.at(["b", "x"]).n += 1;
    map.at(["a", undefined]).n += 1;
    expect([...map.values()].map(({ labels }) => labels)).toEqual([
      ["a", "x"],
      ["_OTHER", "x"],
      ["a", undefined],
    ]);
  });

  it("begin anew with the series", () => {
    const map = counting(1);
    map.at(["a"]);
    map.clear();
    map.at(["b"]);
    expect([...map.values()].map(({ labels }) => labels)).toEqual([["b"]]);
  });

  it("are never more than the limit and _OTHER, with exact totals", () => {
    const label = fc.option(fc.string({ maxLength: 3 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(label, label)), fc.integer({ min: 1, max: 9 }), (all, limit) => {
        const map = counting(limit);
        for (const labels of all) map.at(labels).n += 1;
        const series = [...map.values()];
        for (const position of [0, 1]) {
          const values = new Set(series.map(({ labels }) => labels[position]));
          values.delete(undefined);
          values.delete("_OTHER");
          expect(values.size).toBeLessThanOrEqual(limit);
        }
        expect(series.reduce((sum, { cell }) => sum + cell.n, 0)).toBe(all.length);
      }),
    );
  });

  it("that are ids are _OTHER, with one warning that names their shape and what to do", () => {
    const map = counting(10, [0]);
    const ids = Array.from({ length: 3 }, () => randomUUID());
    for (const id of ids) map.at([`writer ${id}`, id]).n += 1;
    expect([...map.values()].map(({ labels }) => labels)).toEqual(ids.map((id) => ["_OTHER", id]));
    expect(told.warnings).toHaveLength(1);
    expect(told.warnings[0]).toContain("contains a UUID");
    expect(told.warnings[0]).toContain("one fixed name");
    for (const id of ids) expect(told.warnings[0]).not.toContain(id);
  });
});
