// Span of opentelemetry/proto/trace/v1/trace.proto.
import type { Link, SpanContext, SpanStatus } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import { writeAttributes } from "./attributes.ts";
import { writeId } from "./ids.ts";
import type { OtlpWriter } from "./otlp-writer.ts";
import { writeTime } from "./time.ts";

/** Most spans take 128 bytes to 16 KiB. */
const SPAN_WIDTH = 2;

/** @param tag Of the field that repeats. */
export function writeSpan(out: OtlpWriter, tag: number, span: ReadableSpan): void {
  const context = span.spanContext();
  const parent = span.parentSpanContext;
  const start = out.open(tag, SPAN_WIDTH);
  writeContext(out, context);
  if (parent?.spanId) {
    out.byte(0x22);
    writeId(out, parent.spanId);
  }
  out.byte(0x2a);
  out.text(span.name);
  writeKind(out, span.kind);
  out.byte(0x39);
  writeTime(out, span.startTime);
  out.byte(0x41);
  writeTime(out, span.endTime);
  if (span.attributes) writeAttributes(out, 0x4a, span.attributes);
  out.number(0x50, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(out, 0x5a, event);
  out.number(0x60, span.droppedEventsCount);
  for (const link of span.links) writeLink(out, 0x6a, link);
  out.number(0x70, span.droppedLinksCount);
  writeStatus(out, 0x7a, span.status);
  out.byte(0x85);
  out.byte(0x01);
  out.fixed32(flags(context, parent?.isRemote));
  out.close(start, SPAN_WIDTH);
}

function writeContext(out: OtlpWriter, { traceId, spanId, traceState }: SpanContext): void {
  out.byte(0x0a);
  writeId(out, traceId);
  out.byte(0x12);
  writeId(out, spanId);
  const state = traceState?.serialize();
  if (!state) return;
  out.byte(0x1a);
  out.text(state);
}

/** The API counts from 0, OTLP from 1; 0 says nothing and is left out. */
function writeKind(out: OtlpWriter, apiKind: number | undefined): void {
  const kind = apiKind == null ? 0 : apiKind + 1;
  if (kind !== 0) out.number(0x30, kind);
}

function writeEvent(out: OtlpWriter, tag: number, event: TimedEvent): void {
  const start = out.open(tag);
  out.byte(0x09);
  writeTime(out, event.time);
  out.byte(0x12);
  out.text(event.name);
  if (event.attributes) writeAttributes(out, 0x1a, event.attributes);
  out.number(0x20, event.droppedAttributesCount || 0);
  out.close(start);
}

function writeLink(out: OtlpWriter, tag: number, link: Link): void {
  const start = out.open(tag);
  writeContext(out, link.context);
  if (link.attributes) writeAttributes(out, 0x22, link.attributes);
  out.number(0x28, link.droppedAttributesCount || 0);
  out.byte(0x35);
  out.fixed32(flags(link.context, link.context.isRemote));
  out.close(start);
}

function writeStatus(out: OtlpWriter, tag: number, { code, message }: SpanStatus): void {
  const start = out.open(tag);
  if (message) {
    out.byte(0x12);
    out.text(message);
  }
  out.number(0x18, code);
  out.close(start);
}

/** The W3C flags; then that it is known whether the context is remote; then whether it is. */
function flags({ traceFlags }: SpanContext, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | 0x100 | (isRemote ? 0x200 : 0);
}
