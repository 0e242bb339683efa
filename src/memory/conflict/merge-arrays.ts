import { canonicalJson } from "./canonical-json.ts";
import { mergeDeep } from "./merge-deep.ts";
import type { ConflictStrategy } from "./strategy.ts";

/** As `mergeValues`, and two lists are joined by `joinLists`, at every level and as the whole value. */
export function mergeArrayValues(current: unknown, attempted: unknown): unknown {
  return mergeDeep(current, attempted, (there, other) =>
    Array.isArray(there) && Array.isArray(other) ? joinLists(there, other) : there,
  );
}

/**
 * What is there, in its order, and then what it lacks. Of equal elements there are as many as in the list which has more of them (a union
 * of multisets), so that joining twice changes nothing. Elements are equal if their JSON is, whatever the order of keys.
 *
 * So two writers who append equal elements have appended one: give elements an id where each counts.
 */
export function joinLists(current: readonly unknown[], attempted: readonly unknown[]): readonly unknown[] {
  const unmatched = new Map<string, number>();
  for (const element of current) {
    const text = canonicalJson(element);
    unmatched.set(text, (unmatched.get(text) ?? 0) + 1);
  }
  const lacking = attempted.filter((element) => {
    const text = canonicalJson(element);
    const left = unmatched.get(text) ?? 0;
    unmatched.set(text, left - 1);
    return left <= 0;
  });
  return [...current, ...lacking];
}

/** What was deleted meanwhile is made again; what was changed meanwhile is not deleted. */
export const mergeArrays: ConflictStrategy = {
  name: "merge-arrays",
  needsBase: false,
  resolve({ current, attempted }) {
    if (attempted === undefined) return { kind: "keep" };
    if (current === undefined) return { kind: "combine", value: attempted };
    return { kind: "combine", value: mergeArrayValues(current, attempted) };
  },
};
