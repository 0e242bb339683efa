import { mergeDeep } from "./merge-deep.ts";
import type { ConflictStrategy } from "./strategy.ts";

/**
 * Objects are joined key by key, at every level. Keys that are missing are added. In all else what is there stays: also where one of
 * both is a list, or no object.
 *
 * Idempotent, and associative for values that agree on what is an object. Where they do not, no rule can be that never overwrites: of
 * `{x: {a: 1}}`, `{x: 5}` and `{x: {b: 2}}` the 5 keeps `b` out if these two are joined first.
 */
export function mergeValues(current: unknown, attempted: unknown): unknown {
  return mergeDeep(current, attempted, (there) => there);
}

/** What was deleted meanwhile is made again; what was changed meanwhile is not deleted. */
export const merge: ConflictStrategy = {
  name: "merge",
  needsBase: false,
  resolve({ current, attempted }) {
    if (attempted === undefined) return { kind: "keep" };
    if (current === undefined) return { kind: "combine", value: attempted };
    return { kind: "combine", value: mergeValues(current, attempted) };
  },
};
