// What the requests of all three signals have in common: ResourceX (resource = 1, scope_x = 2) of ScopeX (scope = 1, items = 2).
import type { PlainAttributes } from "../../telemetry-store/telemetry-batch.ts";
import { length, OtlpReader } from "./otlp-reader.ts";
import { readResource, readScopeName } from "./values.ts";

const FIRST = length(1);
const SECOND = length(2);

/** Where an item comes from. */
export interface Origin {
  resource: PlainAttributes;
  scope: string | undefined;
}

/**
 * Calls `item` for each span, metric or record of a request, with the reader standing at it; `end` is the end of what it is in.
 *
 * @throws what the reader throws where the bytes are no such request.
 */
export function readGroups(
  bytes: Uint8Array,
  item: (reader: OtlpReader, end: number, origin: Origin) => void,
): void {
  const reader = new OtlpReader(bytes);
  const end = bytes.length;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === FIRST) readResourceGroup(reader, reader.enter(end), item);
    else reader.pass(tag);
  }
}

function readResourceGroup(
  reader: OtlpReader,
  end: number,
  item: (reader: OtlpReader, end: number, origin: Origin) => void,
): void {
  const origin: Origin = { resource: valueBehind(reader, end, readResource) ?? {}, scope: undefined };
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === SECOND) readScopeGroup(reader, reader.enter(end), origin, item);
    else reader.pass(tag);
  }
}

function readScopeGroup(
  reader: OtlpReader,
  end: number,
  origin: Origin,
  item: (reader: OtlpReader, end: number, origin: Origin) => void,
): void {
  origin.scope = valueBehind(reader, end, readScopeName);
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === SECOND) item(reader, end, origin);
    else reader.pass(tag);
  }
}

/** Field 1 of this message, wherever it stands: fields may come in any order, and the items need it. */
function valueBehind<T>(
  reader: OtlpReader,
  end: number,
  read: (reader: OtlpReader, end: number) => T,
): T | undefined {
  const start = reader.pos;
  let found: T | undefined;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag !== FIRST) {
      reader.pass(tag);
      continue;
    }
    found = read(reader, end);
    // Writers put it first, and only once.
    break;
  }
  reader.pos = start;
  return found;
}
