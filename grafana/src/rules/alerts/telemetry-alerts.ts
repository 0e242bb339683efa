import * as names from "../../../../src/telemetry/semconv.ts";
import { TARGET_INFO } from "../../metrics/collector.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { label, series } from "../../metrics/prometheus-names.ts";
import { maxBy, relabel, sumBy } from "../../queries/promql.ts";
import { countedWithin } from "../counted-within.ts";
import type { AlertRule } from "../rule.ts";
import type { RuleSettings } from "../rule-options.ts";
import { seconds, type TimeScale } from "../time-scale.ts";

const REASON = label(names.ATTR_SPOOL_REASON);

/** What programs tell of their own telemetry. */
export function telemetryAlerts({ time }: RuleSettings): readonly AlertRule[] {
  const waiting = `deriv(${series(names.METRIC_SPOOL_IN_SPOOL)}[${time.range("5m")}]) >= 0`;
  const late = `${series(names.METRIC_SPOOL_OLDEST_AGE)} > ${seconds(time.range("5m"))}`;
  const dropped = countedWithin(series(names.METRIC_SPOOL_DROPPED), "15m", time);
  const rejected = countedWithin(series(names.METRIC_SPOOL_REJECTED), "15m", time);
  return [
    {
      alert: "AgentSpoolGrowing",
      // Without the second half it would go on while all is delivered again, from the oldest on.
      expr: maxBy([LABEL_APP], `(${late}) and (${waiting})`),
      for: time.wait("2m"),
      severity: "warning",
      summary: "Spans of {{ $labels.job }} are not delivered and pile up.",
      description: `The oldest has waited for {{ $value | humanizeDuration }}, and there are no fewer than ${time.range("5m")} ago. They are kept until the spool is full.`,
      board: "agent-otel-telemetry",
    },
    {
      alert: "AgentSpansLost",
      expr: `${sumBy([LABEL_APP, REASON], `${dropped} or ${relabel(rejected, REASON, "", "", "refused")}`)} > 0`,
      for: "0s",
      severity: "warning",
      summary: "{{ $labels.job }} has lost spans.",
      description: `{{ $value | humanize }} spans of the last ${time.range("15m")} will never be in Jaeger ({{ $labels.${REASON} }}). Cost and counts are not touched: they do not come from spans.`,
      board: "agent-otel-telemetry",
    },
    absent(time),
  ];
}

/**
 * An application is there as long as the collector shows a program of it, which is ten minutes after its last export. One that was there
 * for less than half an hour was a job that is done.
 */
function absent(time: TimeScale): AlertRule {
  const there = `group by (${LABEL_APP}) (${TARGET_INFO}{${label(names.ATTR_METRICS_SOURCE)}="${names.METRICS_SOURCE_SDK}"})`;
  const [long, step] = [time.range("3h"), time.wait("1m")];
  const steps = Math.ceil(seconds(time.range("30m")) / seconds(step));
  return {
    alert: "AgentTelemetryAbsent",
    expr: `count_over_time((${there})[${long}:${step}]) >= ${steps}\nunless ${there}`,
    for: time.wait("5m"),
    severity: "warning",
    summary: "Nothing is heard of {{ $labels.job }} any more.",
    description: `It sent metrics for at least ${time.range("30m")} of the last ${long}, and no program of it does now: it has ended, hangs, or does not reach the collector. This ends when it is back, or after ${long} at the latest.`,
    board: "agent-otel-telemetry",
  };
}
