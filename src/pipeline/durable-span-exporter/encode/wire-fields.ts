/** One field of a protobuf message, as offsets into the bytes that it is in. */
export interface WireField {
  readonly number: number;
  readonly type: number;
  /** Where its tag starts. */
  readonly start: number;
  /** Where its value starts: of one with a length, after that. */
  readonly value: number;
  readonly end: number;
}

/** What `type` is of texts, bytes and nested messages. */
export const LENGTH_DELIMITED = 2;

const LONGEST_VARINT = 10;
const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** The fields of the message between two offsets, in their order; `undefined` where the bytes are no such message. Never throws. */
export function wireFields(bytes: Uint8Array, start: number, end: number): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  for (let at = start; at < end; ) {
    const field = fieldAt(bytes, at, end);
    if (field === undefined) return undefined;
    fields.push(field);
    at = field.end;
  }
  return fields;
}

function fieldAt(bytes: Uint8Array, start: number, end: number): WireField | undefined {
  const tag = varintAt(bytes, start, end);
  // The number of a field has 29 bits, and is not 0.
  if (tag === undefined || tag.value < 8 || tag.value >= 2 ** 32) return undefined;
  const type = tag.value % 8;
  const extent = extentOf(bytes, type, tag.end, end);
  if (extent === undefined || extent.end > end) return undefined;
  return { number: Math.floor(tag.value / 8), type, start, value: extent.start, end: extent.end };
}

/** From where to where the value goes. The groups of old (types 3 and 4) do not occur in OTLP. */
function extentOf(bytes: Uint8Array, type: number, at: number, end: number) {
  const fixed = FIXED_BYTES[type];
  if (fixed !== undefined) return { start: at, end: at + fixed };
  const varint = type === 0 || type === LENGTH_DELIMITED ? varintAt(bytes, at, end) : undefined;
  if (varint === undefined) return undefined;
  return type === 0 ? { start: at, end: varint.end } : { start: varint.end, end: varint.end + varint.value };
}

function varintAt(bytes: Uint8Array, start: number, end: number) {
  let value = 0;
  for (let at = start; at < Math.min(end, start + LONGEST_VARINT); at++) {
    const byte = bytes[at] as number;
    // In floating point: a length that is too big for it is too big for the bytes, too.
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}
