// ExportMetricsServiceRequest: opentelemetry/proto/metrics/v1/metrics.proto.
import type { MetricPoint } from "../../telemetry-store/telemetry-batch.ts";
import { type Decoded, Rejections } from "./decoded.ts";
import { type Origin, readGroups } from "./groups.ts";
import { boundName, boundTime, MAX_ITEMS, MAX_NAME } from "./limits.ts";
import { fixed64, length, type OtlpReader, varint } from "./otlp-reader.ts";
import { AttributeBag } from "./values.ts";

const NAME = length(1);
const GAUGE = length(5);
const SUM = length(7);
const HISTOGRAM = length(9);
const EXPONENTIAL = length(10);
const SUMMARY = length(11);

const POINT = length(1);
const TEMPORALITY = varint(2);
const DELTA = 1;

/** Of a NumberDataPoint. */
const AS_DOUBLE = fixed64(4);
const AS_INT = fixed64(6);
/** Of all kinds. */
const TIME = fixed64(3);
/** Of histograms and summaries. */
const COUNT = fixed64(4);
const TOTAL = fixed64(5);
const ATTRIBUTE: Readonly<Record<number, number>> = {
  [GAUGE]: length(7),
  [SUM]: length(7),
  [HISTOGRAM]: length(9),
  [EXPONENTIAL]: length(1),
  [SUMMARY]: length(7),
};

/** @throws where the bytes are no such request. */
export function decodeMetrics(bytes: Uint8Array): Decoded {
  const points: MetricPoint[] = [];
  const rejections = new Rejections("a time", MAX_ITEMS);
  readGroups(bytes, (reader, outerEnd, origin) => {
    const end = reader.enter(outerEnd);
    const name = nameOf(reader, end);
    for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
      if (tag in ATTRIBUTE) readPoints(reader, reader.enter(end), tag, { name, origin, points, rejections });
      else reader.pass(tag);
    }
  });
  return rejections.result({ points });
}

interface Metric {
  readonly name: string;
  readonly origin: Origin;
  readonly points: MetricPoint[];
  readonly rejections: Rejections;
}

/** Looked for first: fields may come in any order. */
function nameOf(reader: OtlpReader, end: number): string {
  const start = reader.pos;
  let name = "";
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === NAME) name = boundName(reader.text(end, MAX_NAME));
    else reader.pass(tag);
  }
  reader.pos = start;
  return name;
}

function readPoints(reader: OtlpReader, end: number, kind: number, metric: Metric): void {
  const delta = isDelta(reader, end, kind);
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag !== POINT) reader.pass(tag);
    else if (metric.points.length >= MAX_ITEMS) {
      reader.pos = reader.enter(end);
      metric.rejections.tooMany();
    } else {
      const point = readPoint(reader, reader.enter(end), kind, delta, metric);
      if (point === undefined) metric.rejections.malformed();
      else metric.points.push(point);
    }
  }
}

function isDelta(reader: OtlpReader, end: number, kind: number): boolean {
  if (kind === GAUGE || kind === SUMMARY) return false;
  const start = reader.pos;
  let temporality = 0;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === TEMPORALITY) temporality = reader.uint32();
    else reader.pass(tag);
  }
  reader.pos = start;
  return temporality === DELTA;
}

function readPoint(
  reader: OtlpReader,
  end: number,
  kind: number,
  delta: boolean,
  { name, origin }: Metric,
): MetricPoint | undefined {
  const isNumber = kind === GAUGE || kind === SUM;
  const attribute = ATTRIBUTE[kind];
  const bag = new AttributeBag();
  let timeMs = 0;
  let value = 0;
  let count = 1;
  for (let tag = reader.next(end); tag !== -1; tag = reader.next(end)) {
    if (tag === TIME) timeMs = Number((boundTime(reader.nanos()) ?? 0n) / 1_000_000n);
    else if (tag === attribute) bag.read(reader, end);
    else if (isNumber && tag === AS_DOUBLE) value = reader.double();
    else if (isNumber && tag === AS_INT) value = Number(reader.signed64());
    else if (!isNumber && tag === COUNT) count = Number(reader.nanos());
    else if (!isNumber && tag === TOTAL) value = reader.double();
    else reader.pass(tag);
  }
  if (timeMs === 0 || !Number.isFinite(value)) return undefined;
  return {
    name,
    kind: kind === GAUGE ? "gauge" : kind === SUM ? "sum" : "histogram",
    delta,
    attributes: bag.attributes,
    resource: origin.resource,
    timeMs,
    value,
    count,
  };
}
