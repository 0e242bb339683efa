import { isPlainObject } from "../../internal/plain-json.ts";

/** What becomes of two values that are not both objects. The first is what is there. */
export type MergeLeaves = (current: unknown, attempted: unknown) => unknown;

/** Of two objects one with the keys of both: first those that are there, then those that were missing. */
export function mergeDeep(current: unknown, attempted: unknown, leaves: MergeLeaves): unknown {
  if (!isPlainObject(current) || !isPlainObject(attempted)) return leaves(current, attempted);
  const merged = new Map(ownEntries(current));
  for (const [key, value] of ownEntries(attempted))
    merged.set(key, merged.has(key) ? mergeDeep(merged.get(key), value, leaves) : value);
  return Object.fromEntries(merged);
}

/** `__proto__` is a key of JSON like any other, and would become the prototype of what it is assigned to. */
function ownEntries(object: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(object).filter(([key, value]) => key !== "__proto__" && value !== undefined);
}
