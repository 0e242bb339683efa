/**
 * Checks a count or a number of milliseconds. Fractions are refused: they are mostly seconds by mistake.
 *
 * @returns The value.
 * @throws RangeError that names the option, the range and the value.
 */
export function checkWhole(
  option: string,
  value: unknown,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `>= ${min}` : `from ${min} to ${max}`;
  throw new RangeError(`${option} must be a whole number ${range}, got ${shown(value)}`);
}

/** @throws RangeError unless 0 < value <= 1. A rate of 0 would trip on a success, one above 1 never. */
export function checkRate(option: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && value <= 1) return;
  throw new RangeError(`${option} must be above 0 and at most 1, got ${shown(value)}`);
}

/** @throws RangeError unless `value` is a finite number from `min` to `max`. */
export function checkBetween(option: string, value: unknown, min: number, max: number): void {
  if (typeof value === "number" && value >= min && value <= max) return;
  throw new RangeError(`${option} must be a number from ${min} to ${max}, got ${shown(value)}`);
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
