import { LENGTH_DELIMITED, type WireField, wireFields } from "./wire-fields.ts";

/** The field that repeats in a request (`resource_spans`), in one of those (`scope_spans`), and in one of those (`spans`). */
const PATH = [1, 2, 2];

/** A field on the way to the spans, or beside it. */
export interface RequestNode extends Pick<WireField, "start" | "end"> {
  /** How many spans come before it in the request. */
  readonly first: number;
  /** How many are in it. `undefined` for what belongs to all the spans beside it: a resource, a scope, a schema URL. */
  readonly spans: number | undefined;
  /** For all but a span itself and what stands beside. */
  readonly parts: readonly RequestNode[];
}

/**
 * Reads an OTLP ExportTraceServiceRequest in protobuf as far down as its spans, which are not looked into. `undefined` where
 * the bytes are no such request. Never throws.
 */
export function requestTree(body: Uint8Array): RequestNode | undefined {
  return messageNode(body, { start: 0, value: 0, end: body.length }, 0, 0);
}

type Extent = Pick<WireField, "start" | "value" | "end">;

function messageNode(
  body: Uint8Array,
  extent: Extent,
  first: number,
  depth: number,
): RequestNode | undefined {
  const parts: RequestNode[] = [];
  let next = first;
  for (const field of wireFields(body, extent.value, extent.end) ?? [undefined]) {
    const part = field && fieldNode(body, field, next, depth);
    if (part === undefined) return undefined;
    parts.push(part);
    next += part.spans ?? 0;
  }
  return { start: extent.start, end: extent.end, first, spans: next - first, parts };
}

function fieldNode(
  body: Uint8Array,
  field: WireField,
  first: number,
  depth: number,
): RequestNode | undefined {
  const { start, end } = field;
  if (field.number !== PATH[depth]) return { start, end, first, spans: undefined, parts: [] };
  if (field.type !== LENGTH_DELIMITED) return undefined;
  if (depth === PATH.length - 1) return { start, end, first, spans: 1, parts: [] };
  return messageNode(body, field, first, depth + 1);
}
