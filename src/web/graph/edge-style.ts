/** Between 1.5 and 9: thickness by the order of magnitude, since calls differ by thousands. */
export function edgeWidth(calls: number, most: number): number {
  if (most <= 1) return 2.5;
  return 1.5 + 7.5 * (Math.log1p(calls) / Math.log1p(most));
}

/** Percent of an edge that is red; a single error in thousands can still be seen. */
export function redShare(errors: number, calls: number): number {
  if (errors === 0 || calls === 0) return 0;
  return Math.min(100, Math.max(6, Math.round((errors / calls) * 100)));
}
