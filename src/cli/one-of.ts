import { UsageError } from "./cli-error.ts";

/** A value of an option that allows only some. @throws UsageError that names them all. */
export function oneOf<const T extends string>(option: string, allowed: readonly T[], value: string): T {
  const choice = allowed.find((known) => known === value);
  if (choice !== undefined) return choice;
  throw new UsageError(`${option} must be one of ${allowed.join(", ")}, got "${value}"`);
}
