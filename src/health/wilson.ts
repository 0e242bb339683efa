/**
 * Lower end of the Wilson score interval for `hits` of `total`, one standard error wide (z = 1; Wilson, "Probable inference", JASA 1927):
 * what the rate is at least, for so few calls. It nears the rate as calls grow, rises with each hit and falls with each miss, so that no
 * threshold of "enough calls" is needed. One of one is 0.5.
 *
 * @returns From 0 to 1; 0 without calls.
 */
export function rateAtLeast(hits: number, total: number): number {
  if (!(total > 0) || !(hits > 0)) return 0;
  const rate = Math.min(1, hits / total);
  const spread = Math.sqrt((rate * (1 - rate)) / total + 1 / (4 * total * total));
  return Math.min(1, Math.max(0, (rate + 1 / (2 * total) - spread) / (1 + 1 / total)));
}
