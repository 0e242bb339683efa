const MAX_LENGTH = 128;

/**
 * Checks a name that becomes a span name and a metric label.
 *
 * @throws TypeError that names the function and what is wrong: not a string, empty, over 128 characters.
 */
export function checkName(owner: string, name: unknown): asserts name is string {
  if (typeof name !== "string") throw new TypeError(`${owner}: name must be a string, got ${typeof name}`);
  if (name.trim() === "")
    throw new TypeError(`${owner}: name must not be empty, got ${JSON.stringify(name)}`);
  if (name.length > MAX_LENGTH) {
    const start = JSON.stringify(`${name.slice(0, 32)}…`);
    throw new TypeError(
      `${owner}: name must have at most ${MAX_LENGTH} characters, got ${name.length} (${start})`,
    );
  }
}

/** @throws TypeError that names the function where `fn` is not a function. */
export function checkFunction(owner: string, fn: unknown): void {
  if (typeof fn !== "function")
    throw new TypeError(`${owner}: the second argument must be a function, got ${typeof fn}`);
}
