import * as collector from "../../metrics/collector.ts";
import { LABEL_APP, LABEL_INSTANCE } from "../../metrics/derived.ts";
import { rate, sumBy } from "../../queries/promql.ts";
import { countedWithin } from "../counted-within.ts";
import type { AlertRule } from "../rule.ts";
import type { RuleSettings } from "../rule-options.ts";

const EXPORTER = [LABEL_APP, LABEL_INSTANCE, collector.LABEL_EXPORTER];
const QUEUE = [...EXPORTER, collector.LABEL_DATA_TYPE];

/** The way from programs to Jaeger and Prometheus. Here `job` is what Prometheus scrapes, and no application. */
export function collectorAlerts({ time }: RuleSettings): readonly AlertRule[] {
  const size = sumBy(QUEUE, collector.QUEUE_SIZE);
  const stuck = (data: string, sent: string) => {
    const waiting = sumBy(QUEUE, `${collector.QUEUE_SIZE}{${collector.LABEL_DATA_TYPE}="${data}"}`);
    const delivered = sumBy(EXPORTER, rate(sent, time.range("5m")));
    return `(${waiting} > 0 unless on (${EXPORTER.join(", ")}) (${delivered} > 0))`;
  };
  const capacity = sumBy(QUEUE, collector.QUEUE_CAPACITY);
  const lost = [collector.FAILED_SPANS, collector.NOT_QUEUED_SPANS].map(
    (series) => `(${sumBy(EXPORTER, countedWithin(series, "15m", time))} > 0)`,
  );
  const arrived = (fn: "increase" | "rate", range: string) =>
    [collector.ACCEPTED_SPANS, collector.ACCEPTED_POINTS]
      .map((series) => `(sum(${fn}(${series}[${range}])) or vector(0))`)
      .join(" + ");
  const where = "{{ $labels.exporter }} of collector {{ $labels.instance }}";
  return [
    {
      alert: "AgentCollectorCannotDeliver",
      expr: [stuck("traces", collector.SENT_SPANS), stuck("metrics", collector.SENT_POINTS)].join("\nor "),
      for: time.wait("5m"),
      severity: "critical",
      summary: `${where} delivers nothing.`,
      description: `{{ $value | humanize }} requests wait in its queue, and none was delivered in the last ${time.range("5m")}. They are kept on disk until the queue is full.`,
      board: "agent-otel-telemetry",
      ofApp: false,
    },
    {
      alert: "AgentCollectorQueueFilling",
      expr: `${size} / (${capacity} > 0) > 0.8`,
      for: time.wait("5m"),
      severity: "critical",
      summary: `The queue of ${where} is nearly full.`,
      description: `It is filled to {{ $value | humanizePercentage }}. When it is full the collector takes no more spans, and they wait in the spools of the programs.`,
      board: "agent-otel-telemetry",
      ofApp: false,
    },
    {
      alert: "AgentCollectorLosesSpans",
      expr: lost.join(" or "),
      for: "0s",
      severity: "critical",
      summary: `${where} has lost spans.`,
      description: `{{ $value | humanize }} spans of the last ${time.range("15m")} were refused for good by what is behind it, or had no room in the queue.`,
      board: "agent-otel-telemetry",
      ofApp: false,
    },
    {
      alert: "AgentTelemetryStopped",
      expr: `(${arrived("rate", time.range("15m"))} == 0)\nand (${arrived("increase", time.range("3h"))} > 0)`,
      for: time.wait("1m"),
      severity: "critical",
      summary: "No collector receives anything any more.",
      description: `No span and no metric has come in for ${time.range("15m")}, though there were some in the last ${time.range("3h")}. Until this ends no other alert about agents can be relied upon.`,
      board: "agent-otel-telemetry",
      ofApp: false,
    },
    {
      alert: "AgentTargetDown",
      expr: `up{${LABEL_APP}=~"${collector.SCRAPE_JOBS.join("|")}"} == 0`,
      for: time.wait("2m"),
      severity: "critical",
      summary: "Prometheus cannot scrape {{ $labels.job }} at {{ $labels.instance }}.",
      description: `It has not answered for ${time.wait("2m")}. What it would tell is missing from dashboards and from the other alerts.`,
      board: "agent-otel-telemetry",
      ofApp: false,
    },
  ];
}
