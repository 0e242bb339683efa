// ExportTraceServiceRequest: opentelemetry/proto/trace/v1/trace.proto.
import { SpanKind, type SpanStatus, SpanStatusCode } from "@opentelemetry/api";
import { ATTR_RECEIVER_DROPPED } from "../../../telemetry/semconv.ts";
import type { TraceEvent, TraceLink, TraceSpan } from "../../../telemetry/trace-span.ts";
import { type Decoded, Rejections } from "./decoded.ts";
import { type Origin, readGroups } from "./groups.ts";
import {
  boundEnd,
  boundEventTime,
  boundName,
  MAX_EVENTS,
  MAX_ITEMS,
  MAX_LINKS,
  MAX_NAME,
  MAX_NANOS,
  MAX_VALUE_BYTES,
  wholeText,
} from "./limits.ts";
import { fixed64, length, type OtlpReader, varint } from "./otlp-reader.ts";
import { AttributeBag } from "./values.ts";

const TRACE_ID = length(1);
const SPAN_ID = length(2);
const PARENT_ID = length(4);
const NAME = length(5);
const KIND = varint(6);
const START = fixed64(7);
const END = fixed64(8);
const ATTRIBUTE = length(9);
const EVENT = length(11);
const LINK = length(13);
const STATUS = length(15);

const EVENT_TIME = fixed64(1);
const EVENT_NAME = length(2);
const EVENT_ATTRIBUTE = length(3);
const STATUS_MESSAGE = length(2);
const STATUS_CODE = varint(3);

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const NO_EVENTS: readonly TraceEvent[] = [];
const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };

/** @throws where the bytes are no such request. */
export function decodeSpans(bytes: Uint8Array): Decoded {
  const spans: TraceSpan[] = [];
  const rejections = new Rejections("a trace id, span id or start", MAX_ITEMS);
  readGroups(bytes, (reader, end, origin) => {
    if (spans.length >= MAX_ITEMS) {
      reader.pos = reader.enter(end);
      rejections.tooMany();
      return;
    }
    const span = readSpan(reader, reader.enter(end), origin);
    if (span === undefined) rejections.malformed();
    else spans.push(span);
  });
  return rejections.result({ spans });
}

function readSpan(reader: OtlpReader, end: number, { resource, scope }: Origin): TraceSpan | undefined {
  let traceId: string | undefined;
  let spanId: string | undefined;
  let parentSpanId: string | undefined;
  let name = "";
  let kind = 0;
  let startNs = 0n;
  let endNs = 0n;
  let status = UNSET;
  const bag = new AttributeBag();
  // Most spans have none.
  let events: TraceEvent[] | undefined;
  let links: TraceLink[] | undefined;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    switch (tag) {
      case TRACE_ID:
        traceId = reader.traceId(end);
        break;
      case SPAN_ID:
        spanId = reader.id(end, SPAN_ID_BYTES);
        break;
      case PARENT_ID:
        parentSpanId = reader.id(end, SPAN_ID_BYTES);
        break;
      case NAME:
        name = boundName(reader.text(end, MAX_NAME));
        break;
      case KIND:
        kind = reader.uint32();
        break;
      case START:
        startNs = reader.nanos();
        break;
      case END:
        endNs = reader.nanos();
        break;
      case ATTRIBUTE:
        bag.read(reader, end);
        break;
      case EVENT:
        events ??= [];
        if (events.length < MAX_EVENTS) events.push(readEvent(reader, reader.enter(end)));
        else reader.pos = droppedAt(reader, end, bag);
        break;
      case LINK:
        links ??= [];
        if (links.length < MAX_LINKS) addLink(links, reader, reader.enter(end));
        else reader.pos = droppedAt(reader, end, bag);
        break;
      case STATUS:
        status = readStatus(reader, reader.enter(end));
        break;
      default:
        reader.pass(tag);
    }
  }
  if (traceId === undefined || spanId === undefined || startNs === 0n || startNs > MAX_NANOS)
    return undefined;
  if (bag.dropped > 0) bag.attributes[ATTR_RECEIVER_DROPPED] = bag.dropped;
  const span: TraceSpan = {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: kindOf(kind),
    startNs,
    endNs: boundEnd(endNs, startNs),
    status,
    attributes: bag.attributes,
    events: events === undefined ? NO_EVENTS : timed(events, startNs),
    resource,
    scope,
  };
  return links === undefined || links.length === 0 ? span : { ...span, links };
}

function timed(events: readonly TraceEvent[], startNs: bigint): readonly TraceEvent[] {
  if (events.every(({ timeNs }) => boundEventTime(timeNs, startNs) === timeNs)) return events;
  return events.map((event) => ({ ...event, timeNs: boundEventTime(event.timeNs, startNs) }));
}

function droppedAt(reader: OtlpReader, end: number, bag: AttributeBag): number {
  bag.dropped += 1;
  return reader.enter(end);
}

/** OTLP has 0 for "unspecified" and counts from 1 what the API counts from 0. */
function kindOf(kind: number): SpanKind {
  return SpanKind[kind - 1] === undefined ? SpanKind.INTERNAL : kind - 1;
}

function readEvent(reader: OtlpReader, end: number): TraceEvent {
  let name = "";
  let timeNs = 0n;
  const bag = new AttributeBag();
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === EVENT_TIME) timeNs = reader.nanos();
    else if (tag === EVENT_NAME) name = boundName(reader.text(end, MAX_NAME));
    else if (tag === EVENT_ATTRIBUTE) bag.read(reader, end);
    else reader.pass(tag);
  }
  if (bag.dropped > 0) bag.attributes[ATTR_RECEIVER_DROPPED] = bag.dropped;
  return { name, timeNs, attributes: bag.attributes };
}

/** Links without an id lead nowhere, and are left out. */
function addLink(links: TraceLink[], reader: OtlpReader, end: number): void {
  let traceId: string | undefined;
  let spanId: string | undefined;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === TRACE_ID) traceId = reader.id(end, TRACE_ID_BYTES);
    else if (tag === SPAN_ID) spanId = reader.id(end, SPAN_ID_BYTES);
    else reader.pass(tag);
  }
  if (traceId !== undefined && spanId !== undefined) links.push({ traceId, spanId });
}

function readStatus(reader: OtlpReader, end: number): SpanStatus {
  let code = 0;
  let message = "";
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === STATUS_MESSAGE) message = wholeText(reader.text(end, MAX_VALUE_BYTES));
    else if (tag === STATUS_CODE) code = reader.uint32();
    else reader.pass(tag);
  }
  return {
    code: SpanStatusCode[code] === undefined ? SpanStatusCode.UNSET : code,
    ...(message !== "" && { message }),
  };
}
