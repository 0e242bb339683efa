import { describe, expect, it } from "vitest";
import { NOT_SHOWN } from "../../../grafana/src/dashboards/not-shown.ts";
import { METRICS } from "../../../grafana/src/metrics/catalogue.ts";
import * as collector from "../../../grafana/src/metrics/collector.ts";
import * as derived from "../../../grafana/src/metrics/derived.ts";
import { label, seriesOf } from "../../../grafana/src/metrics/prometheus-names.ts";
import * as pipeline from "../../../grafana/src/queries/collector.ts";
import { HEALTH_SCORE } from "../../../grafana/src/rules/names.ts";
import { expressions } from "./support/boards.ts";
import { nodes } from "./support/promql.ts";

const OF_COLLECTOR = Object.values({ ...collector, ...pipeline }).filter(
  (name): name is string => typeof name === "string" && /^otelcol_\w+$/.test(name),
);
const SERIES = new Set([
  ...METRICS.flatMap(seriesOf),
  ...Object.values(derived).filter((name) => name.startsWith("traces_")),
  ...OF_COLLECTOR.flatMap((name) => [name, `${name}_total`]),
  ...[
    "ALERTS",
    "up",
    collector.TARGET_INFO,
    "prometheus_rule_group_rules",
    "scrape_samples_post_metric_relabeling",
    HEALTH_SCORE,
  ],
]);
const LABELS = new Set([
  ...METRICS.flatMap(({ attributes }) => attributes.map(label)),
  ...["__name__", "job", "instance", "le", "client", "server", "connection_type", "status_code", "error"],
  ...["gen_ai_operation_name", "exporter", "data_type", "otel_metric_overflow", "rule_group"],
  ...["alertname", "alertstate", "severity", "agent"],
]);
/** Made by label_replace and label_join. */
const MADE = ["id", "title", "subtitle", "source", "target", "kind_and_name", "board", "label"];

describe.each(expressions)("%s", (_, expr, board) => {
  it("is PromQL, of series and labels that exist", () => {
    for (const name of nodes(expr, "Identifier")) expect(SERIES, name).toContain(name);
    for (const name of nodes(expr, "LabelName")) expect([...LABELS, ...MADE], name).toContain(name);
  });

  it("takes rates over Grafana's own interval, and counts over a range that is meant", () => {
    expect(expr.match(/\b(?:rate|irate|deriv)\([^[\]]*\[(?!\$__rate_interval\])/g)).toBeNull();
    for (const window of expr.match(/increase\([^[\]]*\[[^\]]*\]/g) ?? []) {
      expect(window).toMatch(/\[(\$__range|1h|1d)\]$/);
    }
  });

  it("keeps to the applications chosen, unless it is about the way of the telemetry", () => {
    const infrastructure = ["otelcol_", "scrape_", "up", "prometheus_", "ALERTS"];
    for (const selector of nodes(expr.replaceAll("$app", "APP"), "VectorSelector")) {
      if (infrastructure.some((prefix) => selector.startsWith(prefix))) continue;
      expect(selector).toMatch(/job=~"APP/);
    }
    if (expr.includes("$agent")) expect(board.templating.list.map(({ name }) => name)).toContain("agent");
  });
});

describe("every metric", () => {
  const asked = new Set(expressions.flatMap(([, expr]) => nodes(expr, "Identifier")));

  it.each(METRICS.map((metric) => [metric.name, metric] as const))(
    "%s is shown, or said not to be",
    (name, metric) => {
      const shown = seriesOf(metric).some((series) => asked.has(series));
      expect({ shown, listed: name in NOT_SHOWN }).toEqual({ shown, listed: !shown });
    },
  );

  it("that is said not to be shown exists, and has a reason", () => {
    const names = METRICS.map(({ name }) => name);
    for (const [name, why] of Object.entries(NOT_SHOWN)) {
      expect(names).toContain(name);
      expect(why.length).toBeGreaterThan(20);
    }
  });
});
