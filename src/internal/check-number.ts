/** @throws RangeError that names the option, its range and the value. */
export function checkWhole(
  option: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `>= ${min}` : `from ${min} to ${max}`;
  throw new RangeError(`${option} must be a whole number ${range}, got ${String(value)}`);
}
