// ExportTraceServiceRequest of opentelemetry/proto/collector/trace/v1/trace_service.proto, and what it is made of. A resource
// and a scope are written once a request: that is so little that to remember their bytes, and to see when they change, is not worth it.
import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { writeAttributes } from "./attributes.ts";
import { grouped } from "./groups.ts";
import type { OtlpWriter } from "./otlp-writer.ts";
import { writeSpan } from "./span.ts";
import { widthOf } from "./width-of.ts";

/** With what a tracer may be given in other versions of the SDK, and the transformer writes. */
interface Scope extends InstrumentationScope {
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

const USUAL_SPAN_BYTES = 512;

export function writeRequest(out: OtlpWriter, spans: readonly ReadableSpan[]): void {
  const width = widthOf(spans.length * USUAL_SPAN_BYTES);
  for (const [resource, byScope] of grouped(spans)) {
    const start = out.open(0x0a, width);
    writeResource(out, resource);
    for (const [scope, ofScope] of byScope) writeScopeSpans(out, scope, ofScope);
    writeSchemaUrl(out, resource.schemaUrl);
    out.close(start, width);
  }
}

function writeResource(out: OtlpWriter, resource: Resource): void {
  const start = out.open(0x0a, 2);
  const attributes = knownAttributes(resource);
  if (attributes) writeAttributes(out, 0x0a, attributes);
  out.number(0x10, 0);
  out.close(start, 2);
}

/** At the end of a process some may still be on their way: asked for all, the resource complains to the user. */
function knownAttributes(resource: Resource): Attributes {
  if (resource.asyncAttributesPending !== true) return resource.attributes;
  const known: Attributes = {};
  for (const [key, value] of resource.getRawAttributes()) {
    if (value !== undefined && !(value instanceof Promise)) known[key] ??= value as AttributeValue;
  }
  return known;
}

function writeScopeSpans(out: OtlpWriter, scope: InstrumentationScope, spans: readonly ReadableSpan[]): void {
  const width = widthOf(spans.length * USUAL_SPAN_BYTES);
  const start = out.open(0x12, width);
  writeScope(out, scope);
  for (const span of spans) writeSpan(out, 0x12, span);
  writeSchemaUrl(out, scope.schemaUrl);
  out.close(start, width);
}

function writeScope(out: OtlpWriter, scope: Scope): void {
  const start = out.open(0x0a);
  out.byte(0x0a);
  out.text(scope.name);
  if (scope.version) {
    out.byte(0x12);
    out.text(scope.version);
  }
  if (scope.attributes) writeAttributes(out, 0x1a, scope.attributes);
  if (scope.droppedAttributesCount) out.number(0x20, scope.droppedAttributesCount);
  out.close(start);
}

function writeSchemaUrl(out: OtlpWriter, url: string | undefined): void {
  if (!url) return;
  out.byte(0x1a);
  out.text(url);
}
