/** The environment as it is read: `process.env`, or a plain object in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The longest a Node timer can wait, in milliseconds: beyond it setTimeout fires at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** @returns The value without blanks around it; an empty value counts as not set, as the specification says. */
export function readText(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

/** Only `true`, in any case, is true. */
export function readFlag(env: Environment, name: string): boolean {
  return readText(env, name)?.toLowerCase() === "true";
}

/** @returns The parts of a comma list without repeats; a list of nothing but commas counts as not set. */
export function readList(env: Environment, name: string): readonly string[] | undefined {
  const parts = readText(env, name)
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts === undefined || parts.length === 0 ? undefined : [...new Set(parts)];
}

/** @throws RangeError that names variable, range and value. */
export function readWholeNumber(
  env: Environment,
  name: string,
  min: number,
  max: number = LONGEST_TIMER_MS,
): number | undefined {
  const text = readText(env, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
  }
  return value;
}

/** @throws TypeError that names variable, value and what is allowed. */
export function checkChoice<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const choice = allowed.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new TypeError(`${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(value)}`);
  }
  return choice;
}
