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

export function boundName(name: string): string {
  return cutText(wholeText(name), MAX_NAME);
}

/** SQLite ends a text at the first NUL when it is read, and half of a character is none in UTF-8: both become U+FFFD. */
export function wholeText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", "\uFFFD") : whole;
}

/** The year 2255: the microseconds of later ones are no exact numbers, and cannot be read from the database. */
export const MAX_NANOS = BigInt(Number.MAX_SAFE_INTEGER) * 1_000n;
/** 30 days. No call takes longer: one of two clocks was wrong. */
const MAX_DURATION_NANOS = 30n * 86_400n * 1_000_000_000n;

/** `undefined`, which is not known, where there is none, or none that could follow that start. */
export function boundEnd(endNs: bigint | undefined, startNs: bigint): bigint | undefined {
  if (endNs === undefined || endNs === 0n || endNs > MAX_NANOS) return undefined;
  return endNs - startNs > MAX_DURATION_NANOS ? undefined : endNs;
}

/** Of an event: without a time, or with one that is none, it happened when its span began. */
export function boundEventTime(timeNs: bigint, startNs: bigint): bigint {
  return timeNs === 0n || timeNs > MAX_NANOS ? startNs : timeNs;
}

/** The first of them that is a time; `undefined` where none was given. Where all are too late the latest that can be kept. */
export function boundTime(...given: readonly (bigint | undefined)[]): bigint | undefined {
  const times = given.filter((time): time is bigint => time !== undefined && time !== 0n);
  return times.length === 0 ? undefined : (times.find((time) => time <= MAX_NANOS) ?? MAX_NANOS);
}
