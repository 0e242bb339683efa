import { createHash } from "../../internal/late-builtins.ts";

/** The hash before the first row. */
export const NO_HASH = "0".repeat(64);

/**
 * What a row's hash covers, in this order. A store keeps each as text, or as a whole number whose decimal digits count; `null` is
 * absent, which is another thing than empty.
 */
export const HASHED_FIELDS = [
  "seq",
  "atMs",
  "kind",
  "subject",
  "from",
  "to",
  "cause",
  "errorType",
  "traceId",
  "spanId",
  "actor",
  "payload",
] as const;

/** UTF-8 bytes as they are stored, or the text that is stored. */
export type HashedValue = string | Uint8Array | null;

/**
 * SHA-256 over the fields, each with its length in bytes before it so that nothing can move from one to the next, and then over the
 * hash before. In hex.
 */
export function rowHash(values: readonly HashedValue[], prevHash: string): string {
  const hash = createHash("sha256").update("agent-otel ledger 1\n");
  let text = "";
  for (const value of values) {
    if (value === null) text += "-\n";
    else if (typeof value === "string") text += `${Buffer.byteLength(value)}:${value}\n`;
    else {
      // Bytes that are no valid UTF-8 must not be made valid.
      hash.update(`${text}${value.byteLength}:`).update(value);
      text = "\n";
    }
  }
  return hash.update(text).update(prevHash).digest("hex");
}
