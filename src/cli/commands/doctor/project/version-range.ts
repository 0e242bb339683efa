const RANGE = /^(\^|>=)(\d+)(?:\.(\d+))?(?:\.(\d+))?$/;

/**
 * Whether a version is in a range of the two kinds that our own package.json uses, `>=22.15` and `^1.9.0`.
 *
 * @param version With or without the `v` of Node; what stands behind its three numbers does not count.
 * @throws RangeError on a range of another kind.
 */
export function isInRange(version: string, range: string): boolean {
  const [, kind, ...parts] = RANGE.exec(range) ?? [];
  if (kind === undefined)
    throw new RangeError(`a range must be ^1.2.3 or >=1.2.3, got ${JSON.stringify(range)}`);
  const least = parts.map((part) => Number(part ?? 0));
  const has = version.replace(/^v/, "").split(/[.+-]/, 3).map(Number);
  if (kind === "^" && has[0] !== least[0]) return false;
  for (const [i, number] of least.entries()) if (has[i] !== number) return (has[i] ?? 0) > number;
  return true;
}
