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
const SHORT = 32;

/** Reads messages in place: a nested one is a range of the same bytes, and nothing is copied but what is kept. */
export class OtlpReader extends BinaryReader {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  /** How many values may yet be read. */
  valuesLeft = MAX_VALUES;

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
    return bytes <= SHORT ? this.#short(start, this.pos) : this.#buffer.toString("utf8", start, this.pos);
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

  #short(start: number, end: number): string {
    const buf = this.#buffer;
    const codes = new Array<number>(end - start);
    for (let i = start; i < end; i++) {
      const byte = buf[i] as number;
      if (byte > 0x7f) return this.#buffer.toString("utf8", start, end);
      codes[i - start] = byte;
    }
    return String.fromCharCode.apply(String, codes);
  }

  /** Not in the middle of a character: its bytes after the first begin with 10. */
  #cut(start: number, maxBytes: number): string {
    let end = start + Math.max(0, maxBytes - 3);
    while (end > start && ((this.#buffer[end] as number) & 0xc0) === 0x80) end--;
    return this.#buffer.toString("utf8", start, end) + CUT;
  }
}
