/** Each line on top of those before it. Unknown counts as nothing, since something must carry the next. */
export function stack(lines: readonly (readonly (number | null)[])[]): number[][] {
  const sums: number[][] = [];
  for (const line of lines) {
    const below = sums.at(-1);
    sums.push(line.map((value, index) => (below?.[index] ?? 0) + (value ?? 0)));
  }
  return sums;
}
