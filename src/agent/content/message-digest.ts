/** More of one text is not recorded, so its beginning, end and length stand for it. */
const LOOKED_AT = 40_960;
const END = 1_024;
/** Values of one message. */
const MAX_VALUES = 10_000;
const MAX_DEPTH = 12;

/** Two hashes of 32 bits, of which 53 bits are used: enough to tell some hundred messages apart, and made in passing. */
class Digest {
  #first = 0x811c9dc5;
  #second = 0x9747b28c;

  add(number: number): void {
    this.#first = Math.imul(this.#first ^ number, 0x01000193);
    this.#second = Math.imul(rotated(this.#second) ^ number, 0x85ebca6b);
  }

  text(text: string): void {
    const end = Math.min(text.length, LOOKED_AT);
    this.#codes(text, 0, end);
    this.#codes(text, Math.max(end, text.length - END), text.length);
    // The length keeps neighbours apart: "ab" and "c" from "a" and "bc".
    this.add(text.length);
  }

  /** As `add` of each, in local variables: every character of a history comes through here. */
  #codes(text: string, from: number, to: number): void {
    let first = this.#first;
    let second = this.#second;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul(rotated(second) ^ code, 0x85ebca6b);
    }
    this.#first = first;
    this.#second = second;
  }

  get value(): number {
    return (this.#second >>> 0) * 2 ** 21 + (this.#first >>> 11);
  }
}

function rotated(bits: number): number {
  return (bits << 13) | (bits >>> 19);
}

/** @returns A number for all that a message says; `undefined` where it cannot be read, or not to its end. */
export function messageDigest(message: unknown): number | undefined {
  const digest = new Digest();
  let values = 0;
  const add = (value: unknown, depth: number): boolean => {
    values += 1;
    if (values > MAX_VALUES || depth > MAX_DEPTH) return false;
    digest.text(typeof value);
    if (typeof value !== "object" || value === null) {
      digest.text(String(value));
      return true;
    }
    for (const key of Object.keys(value)) {
      digest.text(key);
      if (!add((value as Record<string, unknown>)[key], depth + 1)) return false;
    }
    digest.add(Array.isArray(value) ? 1 : 2);
    return true;
  };
  try {
    return add(message, 0) ? digest.value : undefined;
  } catch {
    return undefined;
  }
}

/** Continues a chain. */
export function addDigest(before: number, digest: number): number {
  const both = new Digest();
  for (const part of [before, digest]) {
    both.add(part >>> 0);
    both.add(Math.floor(part / 2 ** 32));
  }
  return both.value;
}
