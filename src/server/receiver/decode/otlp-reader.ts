import { BinaryReader } from "@bufbuild/protobuf/wire";
import { CUT, MAX_VALUES } from "./limits.ts";

/** Wire types: the low three bits of a tag. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** Tags of a field, by its number: the number × 8 + the wire type. A field with another wire type is unknown, and skipped. */
export const varint = (field: number): number => (field << 3) | VARINT;
export const fixed64 = (field: number): number => (field << 3) | FIXED64;
export const length = (field: number): number => (field << 3) | LENGTH;
export const fixed32 = (field: number): number => (field << 3) | FIXED32;

/** Longer texts go to the decoder of the platform. */
const SHORT = 48;
/** A power of two. */
const REMEMBERED_TEXTS = 512;
const TRACE_ID_BYTES = 16;

/** Reads messages in place: a nested one is a range of the same bytes, and nothing is copied but what is kept. */
export class OtlpReader extends BinaryReader {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  /** How many values may yet be read. */
  valuesLeft = MAX_VALUES;
  // Names, and most of their values, come again with each span: a text is made once, and found by where its bytes stand.
  readonly #texts = new Array<string | undefined>(REMEMBERED_TEXTS);
  readonly #places = new Int32Array(REMEMBERED_TEXTS);
  #traceId: string | undefined;
  #traceIdAt = 0;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Begins a nested message. @returns Where it ends. @throws RangeError where that is outside. */
  enter(outerEnd: number): number {
    const bytes = this.uint32();
    const end = this.pos + bytes;
    if (end > outerEnd) throw new RangeError("a message is longer than what it is in");
    return end;
  }

  /** A tag, or -1 at the end of the message. @throws RangeError where the last field went beyond it. */
  next(end: number): number {
    if (this.pos < end) return this.uint32();
    if (this.pos > end) throw new RangeError("a field is longer than its message");
    return -1;
  }

  /** Goes past a field of that tag. */
  pass(tag: number): void {
    if (tag >>> 3 === 0) throw new RangeError("a field has the number 0");
    this.skip(tag & 7, tag >>> 3);
  }

  /** A text of at most `maxBytes`, cut and marked where it is longer. */
  text(end: number, maxBytes: number): string {
    const bytes = this.uint32();
    const start = this.pos;
    this.pos += bytes;
    if (this.pos > end) throw new RangeError("a text is longer than its message");
    if (bytes > maxBytes) return this.#cut(start, maxBytes);
    if (bytes === 0) return "";
    return bytes <= SHORT ? this.#short(start, bytes) : this.#buffer.toString("utf8", start, this.pos);
  }

  /** An id in lower-case hex; `undefined` where it has another length or is all zeros. */
  id(end: number, bytes: number): string | undefined {
    const given = this.uint32();
    const start = this.pos;
    this.pos += given;
    if (this.pos > end) throw new RangeError("an id is longer than its message");
    if (given !== bytes) return undefined;
    let any = 0;
    for (let i = start; i < this.pos; i++) any |= this.#buffer[i] as number;
    return any === 0 ? undefined : this.#buffer.toString("hex", start, this.pos);
  }

  /** As `id`, of 16 bytes. Spans of one trace mostly follow each other, and get the same text. */
  traceId(end: number): string | undefined {
    const start = this.pos + 1;
    if (
      this.#traceId !== undefined &&
      this.#buffer[this.pos] === TRACE_ID_BYTES &&
      start + TRACE_ID_BYTES <= end &&
      this.#isSame(start, this.#traceIdAt, TRACE_ID_BYTES)
    ) {
      this.pos = start + TRACE_ID_BYTES;
      return this.#traceId;
    }
    this.#traceId = this.id(end, TRACE_ID_BYTES);
    this.#traceIdAt = this.pos - TRACE_ID_BYTES;
    return this.#traceId;
  }

  base64(end: number, maxBytes: number): string {
    const bytes = this.uint32();
    const start = this.pos;
    this.pos += bytes;
    if (this.pos > end) throw new RangeError("bytes are longer than their message");
    const kept = Math.min(bytes, Math.floor(maxBytes * 0.75));
    return this.#buffer.toString("base64", start, start + kept) + (kept < bytes ? CUT : "");
  }

  nanos(): bigint {
    const value = this.#view.getBigUint64(this.pos, true);
    this.pos += 8;
    return value;
  }

  signed64(): bigint {
    const value = this.#view.getBigInt64(this.pos, true);
    this.pos += 8;
    return value;
  }

  /** Past 2^53 a number would be rounded, so such integers become text. */
  integer(): number | string {
    const first = this.#buffer[this.pos] as number;
    if (first < 0x80) {
      this.pos++;
      return first;
    }
    const value = this.int64();
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }

  #short(start: number, bytes: number): string {
    const slot = this.#slotOf(start, bytes);
    const known = this.#texts[slot];
    // Only ASCII is remembered, where there are as many characters as bytes.
    if (known?.length === bytes && this.#isSame(start, this.#places[slot] as number, bytes)) return known;
    const text = this.#buffer.toString("utf8", start, start + bytes);
    if (text.length === bytes) {
      this.#texts[slot] = text;
      this.#places[slot] = start;
    }
    return text;
  }

  /** Of a few bytes, as they are all compared afterwards. */
  #slotOf(start: number, bytes: number): number {
    const buf = this.#buffer;
    const last = start + bytes - 1;
    let hash = bytes;
    hash = Math.imul(hash, 31) + (buf[start] as number);
    hash = Math.imul(hash, 31) + (buf[start + (bytes >> 2)] as number);
    hash = Math.imul(hash, 31) + (buf[start + (bytes >> 1)] as number);
    hash = Math.imul(hash, 31) + (buf[last - (bytes >> 2)] as number);
    hash = Math.imul(hash, 31) + (buf[last - 1] as number);
    hash = Math.imul(hash, 31) + (buf[last] as number);
    return (hash ^ (hash >>> 9) ^ (hash >>> 18)) & (REMEMBERED_TEXTS - 1);
  }

  #isSame(a: number, b: number, bytes: number): boolean {
    const buf = this.#buffer;
    for (let i = 0; i < bytes; i++) if (buf[a + i] !== buf[b + i]) return false;
    return true;
  }

  /** Not in the middle of a character: its bytes after the first begin with 10. */
  #cut(start: number, maxBytes: number): string {
    let end = start + Math.max(0, maxBytes - 3);
    while (end > start && ((this.#buffer[end] as number) & 0xc0) === 0x80) end--;
    return this.#buffer.toString("utf8", start, end) + CUT;
  }
}
