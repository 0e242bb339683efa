// KeyValue of opentelemetry/proto/common/v1/common.proto. Tags are field number × 8 + wire type.
import type { KnownKey } from "./key-memory.ts";
import type { OtlpWriter } from "./otlp-writer.ts";
import { expectedLength, writeAnyValue } from "./values.ts";
import { widthOf } from "./width-of.ts";

const KEY = 0x0a;
const VALUE = 0x12;
/** Tags and lengths around a key and its value. */
const AROUND_PAIR = 4;

/** Each own enumerable property as a KeyValue. @param tag Of the field that repeats. */
export function writeAttributes(out: OtlpWriter, tag: number, attributes: object): void {
  for (const key in attributes) {
    // biome-ignore lint/suspicious/noPrototypeBuiltins: in such a loop V8 needs no call for this, as it does for Object.hasOwn.
    if (Object.prototype.hasOwnProperty.call(attributes, key)) {
      writeAttribute(out, tag, key, (attributes as Record<string, unknown>)[key]);
    }
  }
}

function writeAttribute(out: OtlpWriter, tag: number, key: string, value: unknown): void {
  const known = out.keys.get(key);
  if (known !== undefined && typeof value === "string") writeKnownText(out, tag, known, value);
  else writePair(out, tag, known?.bytes ?? key, value);
}

function writeKnownText(out: OtlpWriter, tag: number, key: KnownKey, value: string): void {
  const pair = key.pairWith(value);
  if (pair === undefined) writeNewText(out, tag, key, value);
  else {
    out.byte(tag);
    out.raw(pair);
  }
}

function writeNewText(out: OtlpWriter, tag: number, key: KnownKey, value: string): void {
  const start = out.position;
  writePair(out, tag, key.bytes, value);
  if (key.sawAgain(value)) key.remember(out.copy(start + 1));
}

function writePair(out: OtlpWriter, tag: number, key: string | Uint8Array, value: unknown): void {
  const width = widthOf(key.length + expectedLength(value) + AROUND_PAIR);
  const start = out.open(tag, width);
  out.byte(KEY);
  if (typeof key === "string") out.text(key);
  else out.sized(key);
  writeAnyValue(out, VALUE, value);
  out.close(start, width);
}
