import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeValues } from "../../../src/memory/conflict/merge.ts";
import { anyValue, emptyPathsAside, isObject, shapedTriple } from "./values.ts";

/** Ten thousand random triples, as the promise has it. */
const RUNS = { numRuns: 10_000 };

describe("merge", () => {
  it("adds what is missing, at every level, and keeps what is there", () => {
    const current = { plan: { step: 1, done: [] }, owner: "a" };
    const attempted = { plan: { step: 2, next: "b" }, owner: "b", tags: ["x"] };
    expect(mergeValues(current, attempted)).toEqual({
      plan: { step: 1, done: [], next: "b" },
      owner: "a",
      tags: ["x"],
    });
  });

  it.each([
    [[1], [2]],
    [1, 2],
    ["a", { a: 1 }],
    [{ a: 1 }, "a"],
    [[1], { a: 1 }],
    [null, { a: 1 }],
    [false, true],
  ])("keeps %j where %j is to be written", (current, attempted) => {
    expect(mergeValues(current, attempted)).toEqual(current);
    expect(mergeValues({ in: current }, { in: attempted })).toEqual({ in: current });
  });

  it("keeps every key of both, and never overwrites what is there", () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        const merged = mergeValues(mergeValues(a, b), c);
        expect(holds(merged, a)).toBe(true);
        for (const other of [b, c])
          if (isObject(a) && isObject(other))
            expect(Object.keys(merged as object)).toEqual(expect.arrayContaining(Object.keys(other)));
      }),
      RUNS,
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(mergeValues(a, a)).toEqual(a);
        const merged = mergeValues(mergeValues(a, b), c);
        for (const one of [a, b, c]) expect(mergeValues(merged, one)).toEqual(merged);
      }),
      RUNS,
    );
  });

  it("is the same in whatever order three are joined that agree on what is an object", () => {
    fc.assert(
      fc.property(shapedTriple, ([a, b, c]) => {
        const [left, right] = [mergeValues(mergeValues(a, b), c), mergeValues(a, mergeValues(b, c))];
        expect(JSON.stringify(left)).toBe(JSON.stringify(right));
        for (const one of [a, b, c]) expect(hasPathsOf(left, one)).toBe(true);
      }),
      RUNS,
    );
  });

  it("is not so where they disagree, as no rule can be that never overwrites", () => {
    const [a, b, c] = [{ x: { a: 1 } }, { x: 5 }, { x: { b: 2 } }];
    expect(mergeValues(mergeValues(a, b), c)).toEqual({ x: { a: 1, b: 2 } });
    expect(mergeValues(a, mergeValues(b, c))).toEqual({ x: { a: 1 } });
  });

  it("takes own keys alone, and never __proto__", () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"toString":1,"a":{"__proto__":{"polluted":1}}}');
    const merged = mergeValues({ a: {} }, hostile) as Record<string, unknown>;
    expect(Object.keys(merged)).toEqual(["a", "toString"]);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(merged["a"])).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("changes neither of the two", () => {
    const [current, attempted] = [{ a: { b: 1 } }, { a: { c: 2 }, d: {} }];
    mergeValues(current, attempted);
    expect([current, attempted]).toEqual([{ a: { b: 1 } }, { a: { c: 2 }, d: {} }]);
  });
});

/** Whether all of `part` is in `whole` as it was, at its place. */
function holds(whole: unknown, part: unknown): boolean {
  if (!isObject(part)) return JSON.stringify(whole) === JSON.stringify(part);
  return isObject(whole) && Object.keys(part).every((key) => holds(whole[key], part[key]));
}

function hasPathsOf(whole: unknown, part: unknown): boolean {
  return emptyPathsAside(part).every((path) => {
    let at: unknown = whole;
    return path.every((key) => {
      if (!isObject(at) || !Object.hasOwn(at, key)) return false;
      at = at[key];
      return true;
    });
  });
}
