// opentelemetry/proto/common/v1/common.proto and resource/v1/resource.proto.
import {
  boundName,
  CUT,
  isAllowedKey,
  MAX_ATTRIBUTES,
  MAX_DEPTH,
  MAX_NAME,
  MAX_VALUE_BYTES,
  wholeText,
} from "./limits.ts";
import { fixed64, length, type OtlpReader, varint } from "./otlp-reader.ts";

const KEY = length(1);
const VALUE = length(2);
const STRING = length(1);
const BOOL = varint(2);
const INT = varint(3);
const DOUBLE = fixed64(4);
const ARRAY = length(5);
const MAP = length(6);
const BYTES = length(7);
/** Of an array, and of a map. */
const ENTRY = length(1);

/** A part of a list or map counts as so many bytes, so that an endless list of nothing ends as well. */
const PART_BYTES = 8;

/** What may yet be kept of one value. */
interface Allowance {
  bytes: number;
  /** Of the pair that was read last: a pair has two results. */
  key: string;
}

/** Attributes of one thing, and how many were too many. */
export class AttributeBag {
  readonly attributes: Record<string, unknown> = {};
  dropped = 0;
  #count = 0;
  readonly #left: Allowance = { bytes: 0, key: "" };

  /** Reads the KeyValue that the reader stands at. */
  read(reader: OtlpReader, outerEnd: number): void {
    const end = reader.enter(outerEnd);
    if (this.#count >= MAX_ATTRIBUTES || reader.valuesLeft <= 0) {
      reader.pos = end;
      this.dropped += 1;
      return;
    }
    this.#left.bytes = MAX_VALUE_BYTES;
    const value = readPair(reader, end, 0, this.#left);
    const { key } = this.#left;
    if (!isAllowedKey(key)) return;
    this.#count += 1;
    this.attributes[key] = value;
  }
}

/** @returns The value; its key is left in `left`. */
function readPair(reader: OtlpReader, end: number, depth: number, left: Allowance): unknown {
  let key = "";
  let value: unknown = null;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === KEY) key = boundName(reader.text(end, MAX_NAME));
    else if (tag === VALUE) value = anyValue(reader, end, depth, left);
    else reader.pass(tag);
  }
  left.key = key;
  return value;
}

/** The AnyValue that the reader stands at. */
export function readValue(reader: OtlpReader, outerEnd: number): unknown {
  return anyValue(reader, outerEnd, 0, { bytes: MAX_VALUE_BYTES, key: "" });
}

function anyValue(reader: OtlpReader, outerEnd: number, depth: number, left: Allowance): unknown {
  const end = reader.enter(outerEnd);
  reader.valuesLeft -= 1;
  if (depth >= MAX_DEPTH || left.bytes <= 0 || reader.valuesLeft <= 0) {
    reader.pos = end;
    return CUT;
  }
  let value: unknown = null;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    switch (tag) {
      case STRING:
        value = limitedText(reader, end, left);
        break;
      case BOOL:
        value = reader.bool();
        break;
      case INT:
        value = reader.integer();
        break;
      case DOUBLE:
        value = reader.double();
        break;
      case ARRAY:
        value = readArray(reader, end, depth + 1, left);
        break;
      case MAP:
        value = readMap(reader, end, depth + 1, left);
        break;
      case BYTES:
        value = reader.base64(end, left.bytes);
        left.bytes -= (value as string).length;
        break;
      default:
        reader.pass(tag);
    }
  }
  return value;
}

function limitedText(reader: OtlpReader, end: number, left: Allowance): string {
  const start = reader.pos;
  const text = reader.text(end, left.bytes);
  left.bytes -= reader.pos - start;
  return wholeText(text);
}

function readArray(reader: OtlpReader, outerEnd: number, depth: number, left: Allowance): unknown[] {
  const end = reader.enter(outerEnd);
  const items: unknown[] = [];
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag !== ENTRY) {
      reader.pass(tag);
      continue;
    }
    left.bytes -= PART_BYTES;
    items.push(anyValue(reader, end, depth, left));
    if (left.bytes > 0) continue;
    items.push(CUT);
    reader.pos = end;
  }
  return items;
}

function readMap(reader: OtlpReader, outerEnd: number, depth: number, left: Allowance): unknown {
  const end = reader.enter(outerEnd);
  const map: Record<string, unknown> = {};
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag !== ENTRY) {
      reader.pass(tag);
      continue;
    }
    left.bytes -= PART_BYTES;
    const value = readPair(reader, reader.enter(end), depth, left);
    const { key } = left;
    left.bytes -= key.length;
    if (isAllowedKey(key)) map[key] = value;
    if (left.bytes > 0) continue;
    map[CUT] = CUT;
    reader.pos = end;
  }
  return map;
}

/** The Resource that the reader stands at. */
export function readResource(reader: OtlpReader, outerEnd: number): Readonly<Record<string, unknown>> {
  const end = reader.enter(outerEnd);
  const bag = new AttributeBag();
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === length(1)) bag.read(reader, end);
    else reader.pass(tag);
  }
  return bag.attributes;
}

/** The name of the InstrumentationScope that the reader stands at. */
export function readScopeName(reader: OtlpReader, outerEnd: number): string | undefined {
  const end = reader.enter(outerEnd);
  let name = "";
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === length(1)) name = boundName(reader.text(end, MAX_NAME));
    else reader.pass(tag);
  }
  return name === "" ? undefined : name;
}
