import { createHmac, timingSafeEqual } from "../../../internal/late-builtins.ts";

/** The headers of Standard Webhooks (standardwebhooks.com), for which there are libraries in many languages. */
export const HEADER_ID = "webhook-id";
export const HEADER_TIMESTAMP = "webhook-timestamp";
export const HEADER_SIGNATURE = "webhook-signature";

const PREFIX = "whsec_";
const LEAST_BYTES = 16;

/**
 * The key of a secret: `whsec_` and Base64, as the specification has it, or any other text as it is.
 *
 * @throws TypeError where it is none, RangeError where it has fewer than 16 bytes. Neither has the secret in it.
 */
export function webhookKey(owner: string, secret: unknown): Buffer {
  if (typeof secret !== "string") throw new TypeError(`${owner} must be a string, got ${typeof secret}`);
  const isEncoded = secret.startsWith(PREFIX);
  const key = isEncoded ? Buffer.from(secret.slice(PREFIX.length), "base64") : Buffer.from(secret);
  if (key.length < LEAST_BYTES)
    throw new RangeError(`${owner} must have at least ${LEAST_BYTES} bytes, got ${key.length}`);
  return key;
}

/** @param timestamp Seconds since the epoch. */
export function webhookSignature(key: Buffer, id: string, timestamp: string, body: string): string {
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

/** @param header One or more signatures, with spaces between them: of a secret that is being changed there are two. */
export function isSignedWith(signature: string, header: string): boolean {
  const expected = Buffer.from(signature);
  return header.split(" ", 10).some((each) => {
    const given = Buffer.from(each);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
