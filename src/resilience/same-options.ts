import type { CircuitBreakerOptions } from "./circuit-breaker-options.ts";

/**
 * The first option in which two breakers of one name differ. A function is the same where its text is, since one that is written
 * in the call is a new object each time; trip rules are the same where their settings are; any other object where it is the same one.
 */
export function differingOption(
  one: CircuitBreakerOptions,
  other: CircuitBreakerOptions,
): keyof CircuitBreakerOptions | undefined {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof CircuitBreakerOptions>;
  return [...keys].find((key) => !isSame(one[key], other[key]));
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === "function" && typeof other === "function") return String(one) === String(other);
  const settings = settingsOf(one);
  return settings !== undefined && settings === settingsOf(other);
}

function settingsOf(value: unknown): string | undefined {
  const settings = (value as { settings?: unknown } | null | undefined)?.settings;
  return typeof settings === "string" ? settings : undefined;
}
