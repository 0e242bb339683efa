import { createHmac, createSecretKey, randomBytes } from "../../internal/late-builtins.ts";
import { canonicalArguments } from "./canonical-arguments.ts";

const KEY_BYTES = 32;
const MIN_KEY = 16;
/** 128 of the 256 bits: nobody makes two calls with one digest by chance. */
const DIGITS = 32;

/** Makes digests of arguments that are equal for equal arguments and tell nothing else. */
export type ArgumentsDigest = (args: readonly unknown[]) => string | undefined;

/**
 * HMAC-SHA-256 over canonical arguments, truncated. Keyed, since arguments can be guessed: without the key nobody can try.
 *
 * @param key `undefined`: a random one, so that digests are compared within this process alone.
 * @throws RangeError where the key has less than 16 characters; the message does not have the key.
 */
export function argumentsDigest(owner: string, key: string | undefined): ArgumentsDigest {
  if (key !== undefined && (typeof key !== "string" || key.length < MIN_KEY)) {
    const got = typeof key === "string" ? `${key.length}` : typeof key;
    throw new RangeError(`${owner} must have at least ${MIN_KEY} characters, got ${got}`);
  }
  // As an object: to make one of bytes costs five times as much as the digest.
  const secret = createSecretKey(key === undefined ? randomBytes(KEY_BYTES) : Buffer.from(key));
  return (args) => {
    const text = canonicalArguments(args);
    return text === undefined
      ? undefined
      : createHmac("sha256", secret).update(text).digest("hex").slice(0, DIGITS);
  };
}
