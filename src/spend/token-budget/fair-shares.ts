import { apportion } from "./apportion.ts";

export interface Claim {
  /** Above 0. */
  readonly weight: number;
  /** What it has used or holds already, and cannot give up. */
  readonly floor: number;
}

/**
 * Weighted max-min shares of whole tokens: each claim gets its part by weight, unless it has more than that already; then it keeps what
 * it has, and the others share the rest. Each is less than one token away from its exact share.
 *
 * @returns In the order of the claims. The floors themselves where they use up the total.
 */
export function fairShares(total: number, claims: readonly Claim[]): readonly number[] {
  const shares = claims.map(({ floor }) => floor);
  let sharing = claims.map((_, index) => index);
  let rest = total;
  for (;;) {
    const weights = sharing.reduce((sum, index) => sum + claims[index]!.weight, 0);
    const isOver = (index: number) => claims[index]!.floor > (rest * claims[index]!.weight) / weights;
    const over = sharing.filter(isOver);
    if (over.length === 0) break;
    sharing = sharing.filter((index) => !over.includes(index));
    rest -= over.reduce((sum, index) => sum + claims[index]!.floor, 0);
  }
  if (sharing.length === 0) return shares;
  const parts = apportion(
    rest,
    sharing.map((index) => claims[index]!.weight),
  );
  for (const [i, index] of sharing.entries()) shares[index] = parts[i]!;
  return shares;
}
