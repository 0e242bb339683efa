import type { Attributes, HrTime, Link } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import { grouped } from "./durable-span-exporter/encode/groups.ts";

const IS_REMOTE_IS_KNOWN = 0x100;
const IS_REMOTE = 0x200;

/**
 * The spans as an ExportTraceServiceRequest of OTLP/JSON, ready for `JSON.stringify`: the same as `JsonTraceSerializer` of
 * OpenTelemetry's transformer 0.301.0 gives. That package cannot be imported beside an API of 1.9, for the sake of logs.
 *
 * @throws RangeError for an attribute that contains itself.
 */
export function otlpJsonRequest(spans: readonly ReadableSpan[]): object {
  const resourceSpans = [...grouped(spans)].map(([resource, byScope]) => ({
    resource: {
      attributes: keyValues(resource.attributes),
      droppedAttributesCount: 0,
      schemaUrl: resource.schemaUrl || undefined,
    },
    scopeSpans: [...byScope].map(([scope, own]) => ({
      scope: { name: scope.name, version: scope.version, ...scopeAttributes(scope) },
      spans: own.map(spanOf),
      schemaUrl: scope.schemaUrl,
    })),
    schemaUrl: resource.schemaUrl || undefined,
  }));
  return { resourceSpans };
}

/** Its type leaves them out. */
function scopeAttributes(scope: ReadableSpan["instrumentationScope"]): object {
  const { attributes, droppedAttributesCount = 0 } = scope as {
    attributes?: Attributes;
    droppedAttributesCount?: number;
  };
  if (attributes === undefined || Object.keys(attributes).length === 0) return {};
  return { attributes: keyValues(attributes), droppedAttributesCount };
}

function spanOf(span: ReadableSpan): object {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const { parentSpanContext: parent, status } = span;
  return {
    traceId,
    spanId,
    parentSpanId: parent?.spanId || undefined,
    traceState: traceState?.serialize(),
    name: span.name,
    // OTLP has 0 for "unspecified" and counts from 1 what the API counts from 0.
    kind: span.kind + 1,
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: keyValues(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(eventOf),
    droppedEventsCount: span.droppedEventsCount,
    status: { code: status.code, message: status.message },
    links: span.links.map(linkOf),
    droppedLinksCount: span.droppedLinksCount,
    flags: flagsOf(traceFlags, parent?.isRemote),
  };
}

function eventOf({ name, time, attributes, droppedAttributesCount }: TimedEvent): object {
  return {
    attributes: keyValues(attributes),
    name,
    timeUnixNano: nanos(time),
    droppedAttributesCount: droppedAttributesCount ?? 0,
  };
}

function linkOf({ context, attributes, droppedAttributesCount }: Link): object {
  return {
    attributes: keyValues(attributes),
    spanId: context.spanId,
    traceId: context.traceId,
    traceState: context.traceState?.serialize(),
    droppedAttributesCount: droppedAttributesCount ?? 0,
    flags: flagsOf(context.traceFlags, context.isRemote),
  };
}

function flagsOf(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | IS_REMOTE_IS_KNOWN | (isRemote ? IS_REMOTE : 0);
}

/** As text: a JSON number would round them. */
function nanos([seconds, nanoseconds]: HrTime): string {
  return String(BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds)));
}

function keyValues(attributes: Attributes | undefined): object[] {
  return Object.entries(attributes ?? {}).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  // With a function, since `map` leaves holes.
  if (Array.isArray(value)) return { arrayValue: { values: Array.from(value, (item) => anyValue(item)) } };
  if (typeof value === "object" && value !== null) {
    return { kvlistValue: { values: keyValues(value as Attributes) } };
  }
  return {};
}
