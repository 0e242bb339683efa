// AnyValue of opentelemetry/proto/common/v1/common.proto. Tags are field number × 8 + wire type.
import { writeAttributes } from "./attributes.ts";
import type { OtlpWriter } from "./otlp-writer.ts";
import { widthOf } from "./width-of.ts";

const STRING = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;
const ARRAY = 0x2a;
const MAP = 0x32;
const BYTES = 0x3a;
/** Of an array, and of a map. */
const ENTRY = 0x0a;

const LEAST_INT = -(2 ** 63);
const ABOVE_INT = 2 ** 63;
/** The tag and the length of a text. */
const AROUND_TEXT = 4;

/** How many bytes the AnyValue takes, as well as can be told at once: right for ASCII, else corrected when it is written. */
export function expectedLength(value: unknown): number {
  return typeof value === "string" ? value.length + AROUND_TEXT : AROUND_TEXT;
}

/**
 * An AnyValue after its tag. What has no type in OTLP (undefined, null, a bigint, a symbol, a function) is one without a value.
 * @throws RangeError for a value that contains itself, when the stack is full.
 */
export function writeAnyValue(out: OtlpWriter, tag: number, value: unknown): void {
  const width = widthOf(expectedLength(value));
  const start = out.open(tag, width);
  if (typeof value === "string") writeText(out, value);
  else if (typeof value === "number") writeNumber(out, value);
  else if (typeof value === "boolean") out.number(BOOL, value ? 1 : 0);
  else if (typeof value === "object" && value !== null) writeObject(out, value);
  out.close(start, width);
}

function writeText(out: OtlpWriter, value: string): void {
  out.byte(STRING);
  out.text(value);
}

function writeNumber(out: OtlpWriter, value: number): void {
  if (Number.isInteger(value) && value >= LEAST_INT && value < ABOVE_INT) out.number(INT, value);
  else {
    out.byte(DOUBLE);
    out.double(value);
  }
}

function writeObject(out: OtlpWriter, value: object): void {
  if (value instanceof Uint8Array) {
    out.byte(BYTES);
    out.sized(value);
  } else if (Array.isArray(value)) writeArray(out, value);
  else writeMap(out, value);
}

function writeArray(out: OtlpWriter, items: readonly unknown[]): void {
  const start = out.open(ARRAY);
  for (const item of items) writeAnyValue(out, ENTRY, item);
  out.close(start);
}

function writeMap(out: OtlpWriter, map: object): void {
  const start = out.open(MAP);
  writeAttributes(out, ENTRY, map);
  out.close(start);
}
