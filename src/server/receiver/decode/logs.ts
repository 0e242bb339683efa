// ExportLogsServiceRequest: opentelemetry/proto/logs/v1/logs.proto.
import type { LogRecord } from "../../telemetry-store/telemetry-batch.ts";
import { type Decoded, Rejections } from "./decoded.ts";
import { type Origin, readGroups } from "./groups.ts";
import { boundName, boundTime, MAX_ITEMS, MAX_NAME } from "./limits.ts";
import { bodyText, severityText } from "./log-text.ts";
import { fixed64, length, type OtlpReader, varint } from "./otlp-reader.ts";
import { AttributeBag, readValue } from "./values.ts";

const TIME = fixed64(1);
const SEVERITY = varint(2);
const SEVERITY_TEXT = length(3);
const BODY = length(5);
const ATTRIBUTE = length(6);
const TRACE_ID = length(9);
const SPAN_ID = length(10);
const OBSERVED = fixed64(11);
const EVENT_NAME = length(12);

/** @throws where the bytes are no such request. */
export function decodeLogs(bytes: Uint8Array): Decoded {
  const logs: LogRecord[] = [];
  const rejections = new Rejections("a time", MAX_ITEMS);
  readGroups(bytes, (reader, outerEnd, origin) => {
    if (logs.length >= MAX_ITEMS) {
      reader.pos = reader.enter(outerEnd);
      rejections.tooMany();
      return;
    }
    const record = readRecord(reader, reader.enter(outerEnd), origin);
    if (record === undefined) rejections.malformed();
    else logs.push(record);
  });
  return rejections.result({ logs });
}

function readRecord(reader: OtlpReader, end: number, { resource }: Origin): LogRecord | undefined {
  let timeNs = 0n;
  let observedNs = 0n;
  let severity = 0;
  let said = "";
  let body: unknown = null;
  let eventName = "";
  let traceId: string | undefined;
  let spanId: string | undefined;
  const bag = new AttributeBag();
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    switch (tag) {
      case TIME:
        timeNs = reader.nanos();
        break;
      case OBSERVED:
        observedNs = reader.nanos();
        break;
      case SEVERITY:
        severity = reader.uint32();
        break;
      case SEVERITY_TEXT:
        said = boundName(reader.text(end, MAX_NAME));
        break;
      case BODY:
        body = readValue(reader, end);
        break;
      case ATTRIBUTE:
        bag.read(reader, end);
        break;
      case TRACE_ID:
        traceId = reader.id(end, 16);
        break;
      case SPAN_ID:
        spanId = reader.id(end, 8);
        break;
      case EVENT_NAME:
        eventName = boundName(reader.text(end, MAX_NAME));
        break;
      default:
        reader.pass(tag);
    }
  }
  const at = boundTime(timeNs, observedNs);
  if (at === undefined) return undefined;
  return {
    timeNs: at,
    severity: severityText(said, severity),
    body: bodyText(body),
    eventName: eventName === "" ? undefined : eventName,
    traceId,
    spanId,
    attributes: bag.attributes,
    resource,
  };
}
