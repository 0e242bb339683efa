import type { RollupRow } from "../../health/rollup/rollup-row.ts";

/** Rows by what a function says of each, in the order of their first. */
export function groupRows(
  rows: readonly RollupRow[],
  keyOf: (row: RollupRow) => string,
): ReadonlyMap<string, readonly RollupRow[]> {
  const groups = new Map<string, RollupRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** For lists by size: of equal ones that which comes first by name. */
export function largestFirst<T>(sizeOf: (item: T) => number, nameOf: (item: T) => string) {
  return (a: T, b: T): number => {
    const difference = sizeOf(b) - sizeOf(a);
    if (difference !== 0) return difference;
    return nameOf(a) < nameOf(b) ? -1 : 1;
  };
}
