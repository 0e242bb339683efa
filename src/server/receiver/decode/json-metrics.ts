import { attributesOf, field, type Json, nanos, objects, text } from "../../../telemetry/otlp-json-values.ts";
import type { MetricPoint } from "../../telemetry-store/telemetry-batch.ts";
import { boundAttributes } from "./bound-json.ts";
import { type Decoded, Rejections } from "./decoded.ts";
import type { Origin } from "./groups.ts";
import { parseJsonBody } from "./json-body.ts";
import { readJsonGroups } from "./json-groups.ts";
import { boundName, boundTime, MAX_ITEMS } from "./limits.ts";

const GROUPS = { resources: "resourceMetrics", scopes: "scopeMetrics", items: "metrics" } as const;
const KINDS = [
  ["gauge", "gauge"],
  ["sum", "sum"],
  ["histogram", "histogram"],
  ["exponentialHistogram", "histogram"],
  ["summary", "histogram"],
] as const;
const DELTA: readonly unknown[] = [1, "AGGREGATION_TEMPORALITY_DELTA"];

/** @throws where the bytes are no ExportMetricsServiceRequest. */
export function decodeJsonMetrics(bytes: Uint8Array): Decoded {
  const points: MetricPoint[] = [];
  const rejections = new Rejections("a time", MAX_ITEMS);
  readJsonGroups(parseJsonBody(bytes), GROUPS, (metric, origin) => {
    for (const [key, kind] of KINDS) {
      const data = field(metric, key);
      for (const raw of objects(data?.["dataPoints"])) {
        const point = points.length < MAX_ITEMS ? pointOf(raw, kind, metric, data, origin) : undefined;
        if (point !== undefined) points.push(point);
        else if (points.length < MAX_ITEMS) rejections.malformed();
        else rejections.tooMany();
      }
    }
  });
  return rejections.result({ points });
}

function pointOf(
  raw: Json,
  kind: MetricPoint["kind"],
  metric: Json,
  data: Json | undefined,
  { resource }: Origin,
): MetricPoint | undefined {
  const time = boundTime(nanos(raw["timeUnixNano"]));
  const value = Number(kind === "histogram" ? (raw["sum"] ?? 0) : (raw["asDouble"] ?? raw["asInt"] ?? 0));
  const count = kind === "histogram" ? Number(raw["count"] ?? 0) : 1;
  if (time === undefined || !Number.isFinite(value) || !Number.isFinite(count)) return undefined;
  return {
    name: boundName(text(metric["name"])),
    kind,
    delta: DELTA.includes(data?.["aggregationTemporality"]),
    attributes: boundAttributes(attributesOf(raw["attributes"])),
    resource,
    timeMs: Number(time / 1_000_000n),
    value,
    count,
  };
}
