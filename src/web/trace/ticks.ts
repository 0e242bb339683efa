/** Round marks of a time axis from 0 to `totalMs`, at most `most` after the first. */
export function ticks(totalMs: number, most = 5): readonly number[] {
  if (!(totalMs > 0)) return [0];
  const rough = totalMs / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(totalMs / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** A round number needs no more digits than it has. */
export function tickText(ms: number): string {
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}
