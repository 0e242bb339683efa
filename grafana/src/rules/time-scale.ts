const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/** Lengths of time as Prometheus writes them, such as `5m`, in rules in which an hour may be shorter than an hour. */
export interface TimeScale {
  /** What is looked at: never shorter than `shortestRange`, since a rate needs two samples. */
  range(length: string): string;
  /** What is waited, for `for`, `interval` and steps: never shorter than a second. */
  wait(length: string): string;
}

/**
 * @param hour What an hour becomes. `10s` makes rules that a test can wait for.
 * @param shortestRange Below it ranges are not scaled.
 * @throws RangeError on what is no length of time, and where an hour would be longer than an hour.
 */
export function timeScale(hour = "1h", shortestRange = "5s"): TimeScale {
  const factor = milliseconds(hour) / 3_600_000;
  if (!(factor > 0 && factor <= 1)) throw new RangeError(`hour must be above 0 and up to 1h, got ${hour}`);
  const scaled = (length: string, atLeastMs: number) => {
    const ms = milliseconds(length);
    return inWords(Math.max(Math.min(ms, atLeastMs), Math.round(ms * factor)));
  };
  return {
    range: (length) => scaled(length, milliseconds(shortestRange)),
    wait: (length) => scaled(length, 1_000),
  };
}

/** @param length One number and one unit, such as `5m`. @throws RangeError on anything else. */
export function milliseconds(length: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(length) ?? [];
  const found = UNITS.find(([name]) => name === unit);
  if (found === undefined)
    throw new RangeError(`a length of time is written as 5m or 1h, got ${JSON.stringify(length)}`);
  return Number(count) * found[1];
}

export const seconds = (length: string): number => milliseconds(length) / 1_000;

/** In the largest unit that leaves no rest. */
function inWords(ms: number): string {
  if (ms === 0) return "0s";
  const [unit, size] = UNITS.find(([, size]) => ms % size === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}
