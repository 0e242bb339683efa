/** A state of a breaker between two moments. */
export interface StateSegment {
  readonly state: string;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Transition {
  readonly time: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * The states of one breaker from its transitions.
 *
 * @param transitions In any order. What lies before the window tells the state at its begin.
 * @param state The state now; `undefined`: not known.
 */
export function stateSegments(
  transitions: readonly Transition[],
  state: string | undefined,
  fromMs: number,
  toMs: number,
): readonly StateSegment[] {
  const rows = transitions
    .flatMap(({ time, from, to }) => (to === null ? [] : [{ ms: Date.parse(time), from, to }]))
    .filter(({ ms }) => ms <= toMs)
    .sort((one, other) => one.ms - other.ms);
  const inside = rows.filter(({ ms }) => ms > fromMs);
  const before = rows.filter(({ ms }) => ms <= fromMs).at(-1);
  let current = before?.to ?? inside[0]?.from ?? (inside.length === 0 ? state : undefined) ?? "unknown";
  let sinceMs = fromMs;
  const segments: StateSegment[] = [];
  for (const { ms, to } of inside) {
    if (ms > sinceMs) segments.push({ state: current, fromMs: sinceMs, toMs: ms });
    current = to;
    sinceMs = ms;
  }
  segments.push({ state: current, fromMs: sinceMs, toMs });
  return segments;
}

/** Counts of times in `parts` equal slices, the end of the window included. */
export function countsOverTime(
  times: readonly string[],
  fromMs: number,
  toMs: number,
  parts: number,
): { readonly times: readonly number[]; readonly counts: readonly number[] } {
  const slice = (toMs - fromMs) / parts;
  const counts = Array.from({ length: parts }, () => 0);
  for (const time of times) {
    const index = Math.min(parts - 1, Math.floor((Date.parse(time) - fromMs) / slice));
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
  }
  return { times: counts.map((_, index) => fromMs + index * slice), counts };
}
