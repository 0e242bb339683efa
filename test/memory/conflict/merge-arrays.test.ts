import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/memory/conflict/canonical-json.ts";
import { joinLists, mergeArrayValues } from "../../../src/memory/conflict/merge-arrays.ts";
import { anyValue, shapedTriple } from "./values.ts";

const RUNS = { numRuns: 10_000 };
const element = fc.oneof(
  fc.constantFrom(0, 1, "a", null),
  fc.constantFrom({ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }, [1], [{ y: 1, x: [] }], [{ x: [], y: 1 }]),
);
const list = fc.array(element, { maxLength: 8 });

function countsIn(elements: readonly unknown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of elements) counts.set(canonicalJson(one), (counts.get(canonicalJson(one)) ?? 0) + 1);
  return counts;
}

describe("merge-arrays", () => {
  it("joins lists at every level, what is there first, and is as merge in all else", () => {
    const current = { found: ["a", "b"], plan: { steps: [1], by: "x" } };
    const attempted = { found: ["a", "c"], plan: { steps: [2], by: "y" }, more: [1] };
    expect(mergeArrayValues(current, attempted)).toEqual({
      found: ["a", "b", "c"],
      plan: { steps: [1, 2], by: "x" },
      more: [1],
    });
    expect(mergeArrayValues(["a"], ["b"])).toEqual(["a", "b"]);
    expect(mergeArrayValues(["a"], { a: 1 })).toEqual(["a"]);
  });

  it("takes elements for equal whatever the order of their keys", () => {
    expect(joinLists([{ id: 1, by: "x" }], [{ by: "x", id: 1 }, { id: 2 }])).toEqual([
      { id: 1, by: "x" },
      { id: 2 },
    ]);
  });

  it("has of equal elements as many as the list which has more", () => {
    expect(joinLists(["a", "a", "b"], ["b", "b", "a"])).toEqual(["a", "a", "b", "b"]);
  });

  it("loses no element of either list, makes up none, and keeps what is there in front", () => {
    fc.assert(
      fc.property(list, list, (one, other) => {
        const joined = joinLists(one, other);
        expect(joined.slice(0, one.length)).toEqual(one);
        const [counts, left, right] = [countsIn(joined), countsIn(one), countsIn(other)];
        for (const key of new Set([...counts.keys(), ...left.keys(), ...right.keys()]))
          expect(counts.get(key)).toBe(Math.max(left.get(key) ?? 0, right.get(key) ?? 0));
      }),
      RUNS,
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect(mergeArrayValues(a, a)).toEqual(a);
        const merged = mergeArrayValues(a, b);
        expect(mergeArrayValues(merged, b)).toEqual(merged);
      }),
      RUNS,
    );
  });

  it("is the same in whatever order three are joined that agree on what is an object, and what a list", () => {
    fc.assert(
      fc.property(shapedTriple, ([a, b, c]) => {
        const left = mergeArrayValues(mergeArrayValues(a, b), c);
        const right = mergeArrayValues(a, mergeArrayValues(b, c));
        expect(JSON.stringify(left)).toBe(JSON.stringify(right));
      }),
      RUNS,
    );
  });

  it("joins the same elements in whatever order lists are joined", () => {
    fc.assert(
      fc.property(list, list, (one, other) => {
        expect(new Map([...countsIn(joinLists(one, other))].sort())).toEqual(
          new Map([...countsIn(joinLists(other, one))].sort()),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
