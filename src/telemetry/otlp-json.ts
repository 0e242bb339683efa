import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { TraceEvent, TraceLink, TraceSpan } from "./trace-span.ts";

// Protocol buffers stop at 100. Attribute values of real spans are two or three levels deep.
const MAX_VALUE_DEPTH = 32;
// By their numbers in OTLP.
const KINDS = [
  "",
  "SPAN_KIND_INTERNAL",
  "SPAN_KIND_SERVER",
  "SPAN_KIND_CLIENT",
  "SPAN_KIND_PRODUCER",
  "SPAN_KIND_CONSUMER",
];
const STATUS_CODES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

export interface OtlpJsonSpans {
  readonly spans: readonly TraceSpan[];
  /** Spans that lack an id or a start. */
  readonly skipped: number;
}

/**
 * The spans of one parsed ExportTraceServiceRequest.
 *
 * @returns `undefined` when it is something else.
 */
export function readOtlpJson(request: unknown): OtlpJsonSpans | undefined {
  if (!isObject(request) || !Array.isArray(request["resourceSpans"])) return undefined;
  const spans: TraceSpan[] = [];
  let skipped = 0;
  for (const group of objects(request["resourceSpans"])) {
    const resource = attributesOf(field(group, "resource")?.["attributes"]);
    for (const scoped of objects(group["scopeSpans"])) {
      const scope = text(field(scoped, "scope")?.["name"]) || undefined;
      for (const raw of objects(scoped["spans"])) {
        const span = spanOf(raw, resource, scope);
        if (span === undefined) skipped++;
        else spans.push(span);
      }
    }
  }
  return { spans, skipped };
}

function spanOf(
  raw: Json,
  resource: TraceSpan["resource"],
  scope: string | undefined,
): TraceSpan | undefined {
  const traceId = hexId(raw["traceId"], 32);
  const spanId = hexId(raw["spanId"], 16);
  const startNs = nanos(raw["startTimeUnixNano"]);
  if (traceId === undefined || spanId === undefined || startNs === undefined) return undefined;
  const status = field(raw, "status");
  const message = text(status?.["message"]);
  const code = enumValue(status?.["code"], STATUS_CODES);
  // OTLP has 0 for "unspecified" and counts from 1 what the API counts from 0.
  const kind = enumValue(raw["kind"], KINDS) - 1;
  return {
    traceId,
    spanId,
    parentSpanId: hexId(raw["parentSpanId"], 16),
    name: text(raw["name"]),
    kind: SpanKind[kind] === undefined ? SpanKind.INTERNAL : kind,
    startNs,
    endNs: nanos(raw["endTimeUnixNano"]),
    status: {
      code: SpanStatusCode[code] === undefined ? SpanStatusCode.UNSET : code,
      ...(message !== "" && { message }),
    },
    attributes: attributesOf(raw["attributes"]),
    events: objects(raw["events"]).map((event) => eventOf(event, startNs)),
    ...linksOf(raw["links"]),
    resource,
    scope,
  };
}

/** Links without an id lead nowhere, and are left out. */
function linksOf(raw: unknown): Pick<TraceSpan, "links"> {
  const links = objects(raw).flatMap((link): readonly TraceLink[] => {
    const traceId = hexId(link["traceId"], 32);
    const spanId = hexId(link["spanId"], 16);
    return traceId === undefined || spanId === undefined ? [] : [{ traceId, spanId }];
  });
  return links.length === 0 ? {} : { links };
}

function eventOf(raw: Json, startNs: bigint): TraceEvent {
  return {
    name: text(raw["name"]),
    timeNs: nanos(raw["timeUnixNano"]) ?? startNs,
    attributes: attributesOf(raw["attributes"]),
  };
}

function attributesOf(raw: unknown): Record<string, unknown> {
  // fromEntries defines keys, it does not assign them, so that a key "__proto__" stays a key.
  return Object.fromEntries(objects(raw).map((pair) => [text(pair["key"]), anyValue(pair["value"], 0)]));
}

function anyValue(raw: unknown, depth: number): unknown {
  if (!isObject(raw) || depth > MAX_VALUE_DEPTH) return null;
  if ("intValue" in raw) return integer(raw["intValue"]);
  // JavaScript's encoder writes null for NaN, others write "NaN" and "Infinity".
  if ("doubleValue" in raw) return raw["doubleValue"] === null ? Number.NaN : Number(raw["doubleValue"]);
  if ("arrayValue" in raw)
    return objects(field(raw, "arrayValue")?.["values"]).map((v) => anyValue(v, depth + 1));
  if ("kvlistValue" in raw) {
    const pairs = objects(field(raw, "kvlistValue")?.["values"]);
    return Object.fromEntries(pairs.map((pair) => [text(pair["key"]), anyValue(pair["value"], depth + 1)]));
  }
  return raw["stringValue"] ?? raw["boolValue"] ?? raw["bytesValue"] ?? null;
}

/** Past 2^53 a number would be rounded, so such integers stay text. */
function integer(raw: unknown): number | string | null {
  const value = Number(raw);
  return Number.isSafeInteger(value) ? value : typeof raw === "string" ? raw : value;
}

function hexId(raw: unknown, digits: number): string | undefined {
  if (typeof raw !== "string" || raw.length !== digits || !/^[0-9a-f]+$/i.test(raw) || /^0+$/.test(raw))
    return undefined;
  return raw.toLowerCase();
}

function nanos(raw: unknown): bigint | undefined {
  if (typeof raw === "number" && Number.isFinite(raw) && raw > 0) return BigInt(Math.trunc(raw));
  if (typeof raw !== "string" || !/^\d{1,20}$/.test(raw)) return undefined;
  return BigInt(raw) || undefined;
}

/** Enums are numbers in OTLP/JSON; some writers use the names all the same. */
function enumValue(raw: unknown, names: readonly string[]): number {
  return typeof raw === "number" ? raw : Math.max(0, names.indexOf(text(raw)));
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function field(value: Json, key: string): Json | undefined {
  const inner = value[key];
  return isObject(inner) ? inner : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
