interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A chart in words, for who does not see it: each line's last value and its highest. */
export function summary(
  title: string,
  times: readonly number[],
  series: readonly Line[],
  format: (value: number) => string,
  timeText: (ms: number) => string,
): string {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return `${title}: no data`;
  const lines = series.map(({ name, values }) => {
    const known = values.flatMap((value, index) =>
      value === null ? [] : [{ value, ms: times[index] ?? last }],
    );
    const end = known.at(-1);
    if (end === undefined) return `${name}: no data`;
    const high = known.reduce((best, one) => (one.value > best.value ? one : best));
    return `${name}: last ${format(end.value)}, highest ${format(high.value)} at ${timeText(high.ms)}`;
  });
  return `${title}, ${timeText(first)} to ${timeText(last)}. ${lines.join("; ")}`;
}
