import { readOtlpJson } from "../../../telemetry/otlp-json.ts";
import type { TraceSpan } from "../../../telemetry/trace-span.ts";
import type { PlainAttributes } from "../../telemetry-store/telemetry-batch.ts";
import { boundAttributes, boundSpan } from "./bound-json.ts";
import { type Decoded, Rejections } from "./decoded.ts";
import { listOf, parseJsonBody } from "./json-body.ts";
import { MAX_ITEMS } from "./limits.ts";

/** @throws where the bytes are no ExportTraceServiceRequest. */
export function decodeJsonSpans(bytes: Uint8Array): Decoded {
  const resourceSpans = listOf(parseJsonBody(bytes), "resourceSpans");
  const { spans: read, skipped } = readOtlpJson({ resourceSpans }) ?? { spans: [], skipped: 0 };
  const rejections = new Rejections("a trace id, span id or start", MAX_ITEMS);
  rejections.malformed(skipped);
  const resources = new Map<PlainAttributes, PlainAttributes>();
  const spans: TraceSpan[] = [];
  for (const raw of read) {
    const span = spans.length < MAX_ITEMS ? boundSpan(raw) : undefined;
    if (span !== undefined) spans.push({ ...span, resource: boundOnce(resources, raw.resource) });
    else if (spans.length < MAX_ITEMS) rejections.malformed();
    else rejections.tooMany();
  }
  return rejections.result({ spans });
}

/** Spans of one process share their resource. */
function boundOnce(known: Map<PlainAttributes, PlainAttributes>, resource: PlainAttributes): PlainAttributes {
  const before = known.get(resource);
  if (before !== undefined) return before;
  const bounded = boundAttributes(resource);
  known.set(resource, bounded);
  return bounded;
}
