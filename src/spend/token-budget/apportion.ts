/**
 * Splits whole tokens by weight, by largest remainder: each part is less than one token away from its exact share, and the parts add
 * up to the total.
 *
 * @param total A whole number, 1e12 at most: so far the arithmetic of numbers is good to a thousandth of a token.
 * @param weights At least one, each above 0.
 */
export function apportion(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((a, b) => a + b, 0);
  const byFraction = exact
    .map((value, index) => ({ index, fraction: value - Math.floor(value) }))
    .sort((a, b) => b.fraction - a.fraction || a.index - b.index);
  for (const { index } of byFraction.slice(0, Math.max(0, left))) parts[index]! += 1;
  // Whole shares may have been rounded up to one token too many in all; the largest part notices least.
  if (left < 0) parts[parts.indexOf(Math.max(...parts))]! += left;
  return parts;
}
