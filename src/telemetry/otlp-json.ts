import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { attributesOf, field, hexId, isObject, type Json, nanos, objects, text } from "./otlp-json-values.ts";
import type { TraceEvent, TraceLink, TraceSpan } from "./trace-span.ts";

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

/** Enums are numbers in OTLP/JSON; some writers use the names all the same. */
function enumValue(raw: unknown, names: readonly string[]): number {
  return typeof raw === "number" ? raw : Math.max(0, names.indexOf(text(raw)));
}
