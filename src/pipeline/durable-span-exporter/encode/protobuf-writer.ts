import { widthOf } from "./width-of.ts";

const FIRST_BYTES = 64 * 1024;
/** A buffer that grew beyond this for one request is not kept for the next. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** No receiver takes more (the collector's default is 20 MiB), and a value that shares its parts can unfold without end. */
const MOST_BYTES = 64 * 1024 * 1024;
/** From this length on it is worth a look through the text how much room it needs. */
const LONG_TEXT = 64 * 1024;
/** Up to this length a loop over the characters beats the call into native code. */
const SHORT_TEXT = 24;
const ONE_BYTE = 0x80;
const WORD = 2 ** 32;

/**
 * Writes protobuf fields one after another into a buffer that is used again for the next message.
 * What is odd (a count that is no number, a name that is no string) is written as OpenTelemetry's transformer writes it.
 */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #at = 0;
  readonly #mostBytes: number;

  /** @param mostBytes How long the message may be. @default 64 MiB */
  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Starts a nested message: its tag, and room for its length. @param width What the length will take, as well as known. */
  open(tag: number, width = 1): number {
    this.#reserve(1 + width);
    this.#bytes[this.#at] = tag;
    this.#at += 1 + width;
    return this.#at;
  }

  /** Ends it. @param start As `open` gave it. @param width As `open` got it; if it was wrong, the message is moved. */
  close(start: number, width = 1): void {
    const length = this.#at - start;
    const needed = widthOf(length);
    if (needed !== width) this.#move(start, start - width + needed);
    this.#prefix(start - width, length);
  }

  /** A number as a field of one byte of tag. */
  number(tag: number, value: number): void {
    this.byte(tag);
    this.varint(value);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  /** Negative numbers in ten bytes, as an int64 is; no number at all as 0. @throws TypeError for a bigint. */
  varint(value: number): void {
    if (value >= 0 && value < ONE_BYTE) this.byte(value);
    else if (value >= 0 && value < WORD) this.#varint(value >>> 0, 0);
    else if (value >= 0) this.#varint(value >>> 0, (value / WORD) >>> 0);
    else this.#negative(-value);
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  fixed64(low: number, high: number): void {
    this.#reserve(8);
    this.#view.setUint32(this.#at, low, true);
    this.#view.setUint32(this.#at + 4, high, true);
    this.#at += 8;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Without their length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** With its length. @throws TypeError for what is no string but has a length, and for null and undefined. */
  text(text: string): void {
    if (typeof text !== "string") this.#notText(text);
    else if (text.length > SHORT_TEXT || !this.#ascii(text)) this.#utf8(text);
  }

  /** Bytes from hex digits, two characters each, with their length. @param digits The digit of a character code. */
  hex(text: string, digits: Uint8Array): void {
    const length = text.length >>> 1;
    this.varint(length);
    this.#reserve(length);
    const bytes = this.#bytes;
    const start = this.#at;
    for (let i = 0; i < length; i++) {
      const high = digits[text.charCodeAt(2 * i)] as number;
      bytes[start + i] = (high << 4) | (digits[text.charCodeAt(2 * i + 1)] as number);
    }
    this.#at = start + length;
  }

  sized(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.#at;
  }

  /** What was written, from a position on, in memory of its own. */
  copy(from = 0): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(this.#at - from);
    copy.set(this.#bytes.subarray(from, this.#at));
    return copy;
  }

  /** Forgets what was written. */
  reset(): void {
    this.#at = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#use(Buffer.allocUnsafeSlow(FIRST_BYTES));
  }

  #ascii(text: string): boolean {
    const { length } = text;
    this.#reserve(1 + length);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= ONE_BYTE) return false;
      bytes[at++] = code;
    }
    this.#at = at;
    return true;
  }

  #utf8(text: string): void {
    const width = widthOf(text.length);
    this.#reserve(5 + (text.length < LONG_TEXT ? 3 * text.length : Buffer.byteLength(text)));
    const start = this.#at + width;
    this.#at = start + this.#bytes.write(text, start);
    this.close(start, width);
  }

  #notText(text: { readonly length?: unknown }): void {
    if (text.length) throw new TypeError(`expected a text, got a value of the type ${typeof text}`);
    this.byte(0);
  }

  #varint(low: number, high: number): void {
    this.#reserve(10);
    while (high > 0 || low >= ONE_BYTE) {
      this.#bytes[this.#at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#bytes[this.#at++] = low;
  }

  /** In two's complement. */
  #negative(magnitude: number): void {
    const low = -magnitude >>> 0;
    const borrow = low === 0 ? 0 : 1;
    this.#varint(low, (-((magnitude / WORD) >>> 0) - borrow) >>> 0);
  }

  #prefix(at: number, length: number): void {
    let rest = length;
    for (; rest >= ONE_BYTE; rest >>>= 7) this.#bytes[at++] = (rest & 0x7f) | 0x80;
    this.#bytes[at] = rest;
  }

  #move(from: number, to: number): void {
    this.#reserve(Math.max(0, to - from));
    this.#bytes.copyWithin(to, from, this.#at);
    this.#at += to - from;
  }

  #reserve(more: number): void {
    if (this.#at + more > this.#bytes.length) this.#grow(this.#at + more);
  }

  #grow(needed: number): void {
    if (needed > this.#mostBytes) throw new RangeError(`a request of more than ${this.#mostBytes} bytes`);
    const twice = Math.min(this.#bytes.length * 2, this.#mostBytes);
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, twice));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#use(grown);
  }

  #use(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer<ArrayBuffer>): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
