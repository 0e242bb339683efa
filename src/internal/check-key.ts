import { createHash } from "./late-builtins.ts";

/** UTF-8 bytes. */
const MAX_BYTES = 4_096;

/**
 * Checks a key or id that programs make up, often out of what users sent: any text of 1 to 4,096 bytes that every store can keep.
 *
 * @param option What it is, as `sharedState: key`.
 * @throws TypeError that says what is wrong.
 */
export function checkKey(option: string, key: unknown): asserts key is string {
  if (typeof key !== "string") throw new TypeError(`${option} must be a string, got ${typeof key}`);
  const bytes = Buffer.byteLength(key);
  if (bytes === 0 || bytes > MAX_BYTES)
    throw new TypeError(`${option} must have 1 to ${MAX_BYTES} bytes, got ${bytes}`);
  if (key.includes("\0")) throw new TypeError(`${option} must not hold a NUL character, got ${shown(key)}`);
  if (!key.isWellFormed())
    throw new TypeError(
      `${option} must be well-formed Unicode, got half of a surrogate pair in ${shown(key)}`,
    );
}

/** What stands for a key in indexes and names of files: 64 hex digits, so that no key is too long, or a path. */
export function keyHash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function shown(key: string): string {
  return JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key);
}
