import { METRICS } from "../../../grafana/src/metrics/catalogue.ts";
import * as derived from "../../../grafana/src/metrics/derived.ts";
import { label, seriesOf } from "../../../grafana/src/metrics/prometheus-names.ts";
import * as semconv from "../../../src/telemetry/semconv.ts";
import type { Rule } from "../rules.ts";
import { parsePromql } from "./tree.ts";
import { groupingsIn, labelsMadeIn, selectorsIn } from "./uses.ts";

/** Labels of a series by its name; `undefined` where no such series is known. */
export type KnownSeries = (metric: string) => ReadonlySet<string> | undefined;

/** Prometheus' own, on everything that is scraped. */
export const OF_ALL: readonly string[] = ["__name__", derived.LABEL_APP, derived.LABEL_INSTANCE];

const SPAN_LABELS = [
  ...[
    semconv.ATTR_OPERATION,
    semconv.ATTR_AGENT_NAME,
    semconv.ATTR_REQUEST_MODEL,
    semconv.ATTR_TOOL_NAME,
  ].map(label),
  ...[semconv.ATTR_WORKFLOW_NAME, semconv.ATTR_ERROR_TYPE].map(label),
  ...[derived.LABEL_STATUS, "service_name", "span_name", "span_kind", "app_service_name", "app_span_kind"],
  ...["otel_metric_overflow", "le"],
];
const EDGE_LABELS = [derived.LABEL_CLIENT, derived.LABEL_SERVER, derived.LABEL_CONNECTION, "le"];

/** What other programs measure of themselves; each with the labels that are used here. */
const OF_OTHERS: readonly (readonly [series: RegExp, labels: readonly string[]])[] = [
  [/^traces_span_metrics_(calls_total|duration_seconds_(bucket|count|sum))$/, SPAN_LABELS],
  [/^traces_service_graph_request_(total|failed_total|server_seconds_(bucket|count|sum))$/, EDGE_LABELS],
  [
    /^otelcol_\w+$/,
    ["exporter", "receiver", "processor", "data_type", "transport", "error", "otel_signal", "component_kind"],
  ],
  [/^up$|^scrape_\w+$/, []],
  [/^target_info$/, ["service_name", "telemetry_sdk_language", label(semconv.ATTR_METRICS_SOURCE)]],
  [/^ALERTS(_FOR_STATE)?$/, ["alertname", "alertstate", "severity", "agent", label(semconv.ATTR_AGENT_NAME)]],
  [
    /^prometheus_(tsdb|rule|target|notifications|config|engine|remote_storage)_\w+$/,
    ["rule_group", "scrape_job", "alertmanager"],
  ],
  [/^alertmanager_\w+$|^jaeger_\w+$|^process_\w+$|^go_\w+$/, ["integration", "version", "result"]],
];

/** @param rules What they record is known too, with every label that the expression names. */
export function knownSeries(rules: readonly Rule[]): KnownSeries {
  const ours = new Map<string, Set<string>>();
  for (const metric of METRICS) {
    const labels = [...metric.attributes.map(label), ...(metric.kind === "histogram" ? ["le"] : [])];
    for (const series of seriesOf(metric)) ours.set(series, new Set([...OF_ALL, ...labels]));
  }
  const recorded = rules.filter(({ record }) => record !== "");
  for (const { record } of recorded) ours.set(record, new Set(OF_ALL));
  // What a rule records may be made of what another does.
  for (let grown = true; grown; ) grown = recorded.map((rule) => grow(rule, ours)).includes(true);
  return (metric) => {
    const known = ours.get(metric);
    if (known !== undefined) return known;
    const other = OF_OTHERS.find(([series]) => series.test(metric));
    return other === undefined ? undefined : new Set([...OF_ALL, ...other[1]]);
  };
}

/** @returns Whether the rule's series has a label now that it had not. */
function grow({ record, expr, json }: Rule, known: ReadonlyMap<string, Set<string>>): boolean {
  const parsed = parsePromql(expr);
  const labels = known.get(record);
  if (parsed === undefined || labels === undefined) return false;
  const before = labels.size;
  const fixed = json["labels"];
  const found = [
    ...labelsMadeIn(parsed),
    ...groupingsIn(parsed).flatMap((grouping) => grouping.labels),
    ...selectorsIn(parsed).flatMap(({ metric }) => [...(known.get(metric) ?? [])]),
    ...(typeof fixed === "object" && fixed !== null ? Object.keys(fixed) : []),
  ];
  for (const one of found) labels.add(one);
  return labels.size > before;
}
