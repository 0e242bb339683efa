/** One field of a protobuf message. Fixed-width fields are passed over: no message that is read here has any. */
export interface Field {
  readonly number: number;
  /** A whole number, or the bytes of a string or of a message. */
  readonly value: bigint | Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const MAX_VARINT_BYTES = 10;
// The messages that are read here have three fields. An answer of millions would hold up the event loop.
const MAX_FIELDS = 64;

/**
 * Reads a message field by field.
 *
 * @throws RangeError where the bytes are no protobuf message, or have more than 64 fields.
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const reader = new Reader(bytes);
  for (let read = 0; !reader.done; read++) {
    if (read === MAX_FIELDS) throw new RangeError(`more than ${MAX_FIELDS} fields`);
    const tag = Number(reader.varint());
    const number = Math.floor(tag / 8);
    if (number < 1) throw new RangeError("a protobuf field has no number 0");
    const value = readValue(reader, tag % 8);
    if (value !== undefined) yield { number, value };
  }
}

function readValue(reader: Reader, wireType: number): Field["value"] | undefined {
  if (wireType === VARINT) return reader.varint();
  if (wireType === BYTES) return reader.take(Number(reader.varint()));
  if (wireType !== FIXED64 && wireType !== FIXED32) throw new RangeError(`no wire type: ${wireType}`);
  reader.take(wireType === FIXED64 ? 8 : 4);
  return undefined;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Unsigned; a negative int64 shows as a number of 2^63 or more. */
  varint(): bigint {
    let value = 0n;
    for (let read = 0; read < MAX_VARINT_BYTES; read++) {
      const byte = this.take(1)[0]!;
      value |= BigInt(byte & 0x7f) << BigInt(7 * read);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("a varint has at most 10 bytes");
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("the message ends inside a field");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
