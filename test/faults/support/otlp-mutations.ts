// Mutations of OTLP bodies that know what they change: a body that is broken in its first byte is refused there, and says nothing of the rest.
import type { Body } from "../../server/receiver/otlp-bodies.ts";

/** Pseudo-random numbers from 0 to 1 (mulberry32), so that a seed gives the same bodies again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The same body with other ids, so that it is not known already. @param ids In hex. */
export function withFreshIds(body: Body, ids: readonly string[], random: () => number): Body {
  const bytes = Buffer.from(body.bytes);
  for (const id of ids) {
    const fresh = Buffer.from(Array.from({ length: 4 }, () => Math.floor(random() * 256)));
    const [old, other] =
      body.encoding === "json"
        ? [Buffer.from(id), Buffer.from(fresh.toString("hex"))]
        : [Buffer.from(id, "hex"), fresh];
    for (let at = bytes.indexOf(old); at >= 0; at = bytes.indexOf(old, at + 1)) other.copy(bytes, at);
  }
  return { ...body, bytes: new Uint8Array(bytes) };
}

export function mutated(body: Body, random: () => number): Uint8Array<ArrayBuffer> {
  // One in four is changed as bytes, whatever stands there.
  if (random() < 0.25) return flipped(body.bytes, random);
  return body.encoding === "json" ? mutatedJson(body.bytes, random) : mutatedMessage(body.bytes, random);
}

function flipped(bytes: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  return random() < 0.3 ? copy.slice(0, Math.floor(random() * copy.length)) : copy;
}

interface Field {
  number: number;
  type: number;
  /** Of a varint or a fixed one its bytes, of one with a length what is in it. */
  bytes: Uint8Array;
  /** Where the bytes are a message themselves. */
  fields: Field[] | undefined;
}

function mutatedMessage(bytes: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  const fields = fieldsOf(bytes) ?? [];
  const changes = 1 + Math.floor(random() * 3);
  for (let i = 0; i < changes; i++) mutateFields(fields, random);
  return new Uint8Array(written(fields, random));
}

/** Goes down some levels, and changes one field there. */
function mutateFields(fields: Field[], random: () => number): void {
  if (fields.length === 0) return;
  const at = Math.floor(random() * fields.length);
  const field = fields[at] as Field;
  if (field.fields !== undefined && random() < 0.8) {
    mutateFields(field.fields, random);
    return;
  }
  const kinds: (() => void)[] = [
    () => void fields.splice(at, 1),
    () => void fields.splice(at, 0, field, field, field),
    () => void fields.push(fields.shift() as Field),
    () => Object.assign(field, { number: 1 + Math.floor(random() * 20) }),
    () => Object.assign(field, { type: Math.floor(random() * 8) }),
    () => Object.assign(field, { bytes: randomBytes(random, 40), fields: undefined }),
    () => Object.assign(field, { bytes: new Uint8Array(10).fill(0xff), fields: undefined }),
    () => Object.assign(field, { bytes: new Uint8Array(0), fields: undefined }),
    () => Object.assign(field, { type: 2, bytes: nested(Math.floor(random() * 200)), fields: undefined }),
    () => Object.assign(field, { type: 2, bytes: Buffer.from(oddText(random)), fields: undefined }),
  ];
  kinds[Math.floor(random() * kinds.length)]?.();
}

/** Lists in lists, as an AnyValue. */
function nested(depth: number): Uint8Array {
  let bytes = Buffer.from([0x08, 0x01]);
  for (let i = 0; i < depth && bytes.length < 100_000; i++)
    bytes = Buffer.concat([
      Buffer.from([0x2a]),
      lengthOf(bytes.length + 5),
      Buffer.from([0x0a]),
      longLength(bytes.length),
      bytes,
    ]);
  return bytes;
}

function fieldsOf(bytes: Uint8Array, depth = 0): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 2 ** 56) throw new RangeError();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  try {
    while (at < bytes.length) {
      const tag = varint();
      const [number, type] = [Math.floor(tag / 8), tag % 8];
      const start = at;
      if (number === 0 || number > 30) return undefined;
      let size = 0;
      if (type === 0) {
        varint();
        size = at - start;
        at = start;
      } else if (type === 2) size = varint();
      else if (type === 1) size = 8;
      else if (type === 5) size = 4;
      else return undefined;
      if (at + size > bytes.length) return undefined;
      const inner = bytes.slice(at, at + size);
      at += size;
      const fields2 = type === 2 && depth < 9 && size > 1 ? fieldsOf(inner, depth + 1) : undefined;
      fields.push({ number, type, bytes: inner, fields: fields2 });
    }
  } catch {
    return undefined;
  }
  return fields;
}

function written(fields: readonly Field[], random: () => number): Buffer {
  return Buffer.concat(
    fields.map(({ number, type, bytes, fields: inner }) => {
      const content = inner === undefined ? bytes : written(inner, random);
      const tag = lengthOf((number << 3) | type);
      if (type !== 2) return Buffer.concat([tag, content]);
      // One length in a thousand is not that of its content.
      const lies = random() < 0.001;
      const length = lies ? Math.floor(random() * 2 ** (random() * 32)) : content.length;
      return Buffer.concat([tag, lengthOf(length), content]);
    }),
  );
}

function lengthOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** In four bytes, so that what is around it knows its length. */
function longLength(value: number): Buffer {
  return Buffer.from([
    (value & 127) | 128,
    ((value >> 7) & 127) | 128,
    ((value >> 14) & 127) | 128,
    (value >> 21) & 127,
  ]);
}

function randomBytes(random: () => number, most: number): Uint8Array {
  return Uint8Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 256));
}

function mutatedJson(bytes: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  const root = JSON.parse(Buffer.from(bytes).toString()) as unknown;
  const changes = 1 + Math.floor(random() * 3);
  for (let i = 0; i < changes; i++) mutateJson(root, random);
  const text = JSON.stringify(root)
    // A literal in source would set the prototype; this is the key as a sender writes it.
    .replaceAll('"%proto%"', '"__proto__"')
    .replaceAll('"%huge%"', "1e999");
  return new Uint8Array(Buffer.from(text));
}

function mutateJson(value: unknown, random: () => number): void {
  if (typeof value !== "object" || value === null) return;
  const object = value as Record<string, unknown>;
  const keys = Object.keys(object);
  const key = keys[Math.floor(random() * keys.length)];
  if (key === undefined) return;
  const inner = object[key];
  if (typeof inner === "object" && inner !== null && random() < 0.85) {
    mutateJson(inner, random);
    return;
  }
  const kind = Math.floor(random() * 6);
  if (kind === 0) delete object[key];
  else if (kind === 1) object["%proto%"] = { polluted: true };
  else if (kind === 2) object[key] = oddJson(random);
  else if (kind === 3 && Array.isArray(value)) repeat(value, inner);
  else if (kind === 4) object[`${key}${oddText(random)}`] = inner;
  else object[key] = oddJson(random);
}

/** Not of what was repeated before, or a few changes would make a body of a gigabyte. */
function repeat(list: unknown[], item: unknown): void {
  const copies = JSON.stringify(item).length > 2_000 || list.length > 20 ? 1 : 200;
  for (let i = 0; i < copies; i++) list.push(structuredClone(item));
}

function oddJson(random: () => number): unknown {
  const odd: readonly unknown[] = [
    null,
    true,
    -1,
    0.5,
    "%huge%",
    "18446744073709551616",
    "-9223372036854775809",
    "99999999999999999999999",
    "9223372036854775808",
    Number.MAX_SAFE_INTEGER,
    1e308,
    "",
    {},
    [],
    [[[[[[]]]]]],
    { stringValue: oddText(random) },
    { key: "%proto%", value: { kvlistValue: { values: [{ key: "%proto%", value: { intValue: "1" } }] } } },
    { kvlistValue: { values: [{ key: "%proto%", value: { intValue: "1" } }] } },
    { intValue: {} },
    { doubleValue: "NaN" },
    oddText(random),
  ];
  return odd[Math.floor(random() * odd.length)];
}

function oddText(random: () => number): string {
  const odd = [
    "\0",
    "a\0b",
    "\ud800",
    "__proto__",
    "constructor",
    "x".repeat(5_000),
    "é".repeat(3_000),
    "\u{1F600}".repeat(1_500),
    "'; DROP TABLE spans; --",
    "\u001b[31m",
  ];
  return odd[Math.floor(random() * odd.length)] ?? "";
}
