import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText } from "../../../src/resilience/fallback/canonical-text.ts";

const text = (value: unknown): string => canonicalText(value, "__left_out__");

describe("the canonical text of a value", () => {
  it.each<[string, unknown, unknown]>([
    ["a number and its text", 1, "1"],
    ["a number and a bigint", 1, 1n],
    ["null and undefined", null, undefined],
    ["null and zero", null, 0],
    ["null and its text", null, "null"],
    ["true and its text", true, "true"],
    ["a list and an object with its indexes", ["a"], { 0: "a" }],
    ["an absent field and an undefined one", {}, { a: undefined }],
    ["a date and its number", new Date(7), 7],
    ["a date and its text", new Date(7), new Date(7).toISOString()],
    ["bytes and a list", new Uint8Array([1]), [1]],
    ["bytes of different types", new Uint8Array([1, 0]), new Uint16Array([1])],
    ["one list and two", [["a"], ["b"]], [["a", "b"]]],
    ["a list in a list and a longer list", [1, [2]], [[1, 2]]],
    ["an empty object before a field and one that holds it", { a: {}, b: 1 }, { a: { b: 1 } }],
    ["an empty text and no text", [""], []],
    ["NaN and its text", Number.NaN, "NaN"],
  ])("tells apart %s", (_, one, other) => {
    expect(text(one)).not.toBe(text(other));
  });

  it("is the same in whatever order the keys were written", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 8 }), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(text(turned)).toBe(text(value));
      }),
    );
  });

  it("is different for different JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const same = isDeepStrictEqual(normal(one), normal(other));
        expect(text(normal(one)) === text(normal(other))).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it("of a list of values is never that of another list, when they are put behind one another", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 3 }),
        fc.array(fc.jsonValue(), { maxLength: 3 }),
        (one, other) => {
          const same = isDeepStrictEqual(normal(one), normal(other));
          const joined = (list: readonly unknown[]) => list.map((value) => text(normal(value))).join("");
          expect(joined(one) === joined(other)).toBe(same);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("gives up on a value that is nested too deep, saying so", () => {
    let deep: unknown = "bottom";
    for (let i = 0; i < 40; i++) deep = [deep];
    expect(() => text(deep)).toThrow("is nested more than 32 deep, or in itself");
  });

  it("gives up on a value with too many parts, saying so", () => {
    expect(() => text(new Array(100_001).fill(0))).toThrow("more than 100000 values");
  });

  it("passes over the key it was told to", () => {
    expect(text({ a: 1, __left_out__: 2 })).toBe(text({ a: 1 }));
  });
});

/** JSON has one zero. */
function normal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
