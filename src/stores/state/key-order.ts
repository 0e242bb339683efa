/** The one order of keys, whatever order a database would have: that of their UTF-16 code units. */
export function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  if (one.key === other.key) return 0;
  return one.key < other.key ? -1 : 1;
}

/** The keys that only one of the two has. Neither has one twice. */
export function unlikeKeys(some: readonly string[], others: readonly string[]): readonly string[] {
  const [first, second] = [new Set(some), new Set(others)];
  return [...first.symmetricDifference(second)];
}
