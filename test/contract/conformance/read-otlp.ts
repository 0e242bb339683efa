import type { FoundLog, FoundMetric, FoundSpan, Telemetry, Value, Values } from "./telemetry.ts";

type Json = Readonly<Record<string, unknown>>;
type Pairs = readonly { readonly key: string; readonly value: Json }[] | undefined;

/** Reads the bodies of OTLP/JSON requests, of whatever signal. */
export function readOtlp(bodies: readonly unknown[]): Telemetry {
  const all = (of: string) => bodies.flatMap((body) => list(body as Json, of));
  const [spans, metrics, logs] = [all("resourceSpans"), all("resourceMetrics"), all("resourceLogs")];
  return {
    resources: [...spans, ...metrics, ...logs].map(({ resource }) =>
      valuesOf((resource as Json)["attributes"]),
    ),
    spans: scoped(spans, "scopeSpans", "spans").map(spanOf),
    metrics: scoped(metrics, "scopeMetrics", "metrics").map(metricOf),
    logs: scoped(logs, "scopeLogs", "logRecords").map(logOf),
  };
}

function list(from: Json, key: string): readonly Json[] {
  return (from[key] as readonly Json[] | undefined) ?? [];
}

interface Scoped {
  readonly scope: string;
  readonly of: Json;
}

function scoped(resources: readonly Json[], scopes: string, items: string): readonly Scoped[] {
  return resources
    .flatMap((resource) => list(resource, scopes))
    .flatMap((each) => {
      const scope = String((each["scope"] as Json)["name"]);
      return list(each, items).map((of) => ({ scope, of }));
    });
}

function spanOf({ scope, of }: Scoped): FoundSpan {
  const events = list(of, "events").map((event) => ({
    name: String(event["name"]),
    attributes: valuesOf(event["attributes"]),
  }));
  return {
    scope,
    name: String(of["name"]),
    kind: Number(of["kind"]),
    attributes: valuesOf(of["attributes"]),
    events,
    links: list(of, "links").map((link) => valuesOf(link["attributes"])),
    status: Number((of["status"] as Json | undefined)?.["code"] ?? 0),
  };
}

function metricOf({ scope, of }: Scoped): FoundMetric {
  const sum = of["sum"] as Json | undefined;
  const data = (sum ?? of["gauge"] ?? of["histogram"]) as Json;
  const counter = sum?.["isMonotonic"] === true ? "counter" : "updowncounter";
  return {
    scope,
    name: String(of["name"]),
    unit: String(of["unit"]),
    description: String(of["description"]),
    kind: sum !== undefined ? counter : of["gauge"] === undefined ? "histogram" : "gauge",
    points: list(data, "dataPoints").map((point) => ({
      attributes: valuesOf(point["attributes"]),
      type: "asInt" in point ? "int" : "asDouble" in point ? "double" : undefined,
      bounds: point["explicitBounds"] as readonly number[] | undefined,
    })),
  };
}

function logOf({ scope, of }: Scoped): FoundLog {
  return {
    scope,
    name: String(of["eventName"] ?? ""),
    severity: Number(of["severityNumber"]),
    attributes: valuesOf(of["attributes"]),
  };
}

function valuesOf(pairs: unknown): Values {
  return Object.fromEntries(((pairs as Pairs) ?? []).map(({ key, value }) => [key, typed(value)]));
}

function typed(value: Json): Value {
  if ("stringValue" in value) return { type: "string", value: value["stringValue"] };
  if ("intValue" in value) return { type: "int", value: Number(value["intValue"]) };
  if ("doubleValue" in value) return { type: "double", value: value["doubleValue"] };
  if ("boolValue" in value) return { type: "boolean", value: value["boolValue"] };
  const items = list((value["arrayValue"] as Json | undefined) ?? {}, "values");
  const texts = "arrayValue" in value && items.every((item) => "stringValue" in item);
  return texts
    ? { type: "string[]", value: items.map((item) => item["stringValue"]) }
    : { type: "any", value };
}
