import fc from "fast-check";

// Few keys and few leaves, so that values meet.
const key = fc.constantFrom("a", "b", "c", "toString", "ä");
const leaf = fc.oneof(fc.constantFrom(null, true, "", "x", 0, 1, 2.5), fc.constant([]));
const list = fc.array(fc.oneof(leaf, fc.dictionary(key, leaf, { maxKeys: 2, noNullPrototype: true })), {
  maxLength: 4,
});

/** JSON of any shape. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: "small" }, leaf, list, tie("object"), tie("object")),
  object: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
})).value;

/** Three objects that agree on what is an object, a list, or neither: `o_…`, `l_…` and `s_…`. */
export const shapedTriple: fc.Arbitrary<readonly [unknown, unknown, unknown]> = (() => {
  const { object } = fc.letrec<{ object: Record<string, unknown> }>((tie) => ({
    object: fc
      .array(
        fc.oneof(
          { maxDepth: 4, depthSize: "small" },
          fc.tuple(
            fc.constantFrom("s_a", "s_b", "s_c"),
            leaf.filter((one) => !Array.isArray(one)),
          ),
          fc.tuple(fc.constantFrom("l_a", "l_b"), list),
          fc.tuple(fc.constantFrom("o_a", "o_b"), tie("object")),
        ),
        { maxLength: 5 },
      )
      .map((entries) => Object.fromEntries(entries)),
  }));
  return fc.tuple(object, object, object);
})();

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The way to each thing that is no object, or an empty one. */
export function emptyPathsAside(
  value: unknown,
  path: readonly string[] = [],
): readonly (readonly string[])[] {
  if (!isObject(value)) return [path];
  return Object.keys(value).flatMap((name) => emptyPathsAside(value[name], [...path, name]));
}
