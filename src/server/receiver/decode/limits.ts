import { cutText } from "../../../internal/redact.ts";

// What is kept of one item, whatever was sent.
export const MAX_ATTRIBUTES = 128;
export const MAX_EVENTS = 128;
export const MAX_LINKS = 128;
/** Bytes of text in one value, or in all parts of it. */
export const MAX_VALUE_BYTES = 4_096;
/** Levels of lists and maps in one another. */
export const MAX_DEPTH = 8;
/** Characters of a name or key. */
export const MAX_NAME = 256;
/** Spans, points or records of one request; the rest is rejected. Senders batch hundreds, the collector at most 8,192. */
export const MAX_ITEMS = 20_000;
/** Keys and values of one request: what is beyond is cut, so that no request holds up the loop for long. */
export const MAX_VALUES = 1_000_000;

/** Stands for a part of a value that was left out, and at the end of a text that was cut. */
export const CUT = "…";

/** Assigning to it would set the prototype instead. */
const FORBIDDEN = "__proto__";

/** Whether a key may stand in what is kept. */
export function isAllowedKey(key: string): boolean {
  return key !== FORBIDDEN;
}

/** SQLite ends a text at the first NUL when it is read. */
export function boundName(name: string): string {
  const whole = name.includes("\0") ? name.replaceAll("\0", "\uFFFD") : name;
  return cutText(whole, MAX_NAME);
}

/** 2262: later ones do not fit into 64 bits with a sign, and are no times. */
export const MAX_NANOS = 2n ** 63n - 1n;

export function boundNanos(timeNs: bigint): bigint {
  if (timeNs > MAX_NANOS) return MAX_NANOS;
  return timeNs;
}
