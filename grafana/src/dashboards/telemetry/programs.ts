import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { series } from "../../metrics/prometheus-names.ts";
import { forQuery, type SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { none } from "../../panels/values.ts";
import { type Asked, legend, perMinute } from "../../queries/ask.ts";
import { rate, select, sumBy } from "../../queries/promql.ts";
import { appOf } from "../../queries/scope.ts";
import { APP, RATE } from "../scope.ts";

const NO_EXPORTER = "no program with our exporter";
const OF_APP = `{{${LABEL_APP}}}`;
const SIZE = { width: 6, height: 8 } as const;
const rateOf = (metric: string, by: Asked["by"] = []) => perMinute({ metric, by, scope: APP }, RATE);

export const programs: readonly SizedPanel[] = [
  timeSeries({
    id: 5,
    title: "Spans that wait",
    description:
      "In the memory and in the spool of programs, by application; on the right the bytes of the spool.",
    unit: "short",
    noValue: NO_EXPORTER,
    overrides: [forQuery("bytes", { unit: "bytes", "custom.axisPlacement": "right" })],
    queries: [
      {
        refId: "spans",
        expr: `${now(names.METRIC_SPOOL_IN_SPOOL)} + ${now(names.METRIC_SPOOL_IN_MEMORY)}`,
        legend: OF_APP,
      },
      { refId: "bytes", expr: now(names.METRIC_SPOOL_BYTES), legend: `${OF_APP} bytes` },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 6,
    title: "Spans made and delivered, a minute",
    description:
      "By application. Delivered that stays below made is a spool that grows; above it, one that empties.",
    unit: "cpm",
    noValue: NO_EXPORTER,
    queries: [
      { refId: "A", expr: ofApps(names.METRIC_SPOOL_CREATED), legend: `${OF_APP} made` },
      { refId: "B", expr: ofApps(names.METRIC_SPOOL_DELIVERED), legend: `${OF_APP} delivered` },
      { refId: "C", expr: ofApps(names.METRIC_SPOOL_RECOVERED), legend: `${OF_APP} found from before` },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 7,
    title: "Spans dropped, a minute",
    description:
      "Lost for good, by reason; and requests sent again, and damaged frames set aside, which are not lost yet.",
    unit: "cpm",
    thresholds: none("a minute"),
    noValue: NO_EXPORTER,
    queries: [
      {
        refId: "dropped",
        expr: rateOf(names.METRIC_SPOOL_DROPPED, [names.ATTR_SPOOL_REASON]),
        legend: legend(names.ATTR_SPOOL_REASON),
      },
      { refId: "retries", expr: rateOf(names.METRIC_SPOOL_RETRIES), legend: "sent again" },
      { refId: "failovers", expr: rateOf(names.METRIC_SPOOL_FAILOVERS), legend: "sent to another collector" },
      { refId: "corrupt", expr: rateOf(names.METRIC_SPOOL_CORRUPT), legend: "damaged frames" },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 8,
    title: "Audit ledger and alerts, a minute",
    description:
      "Rows of the ledger that were written and lost, those that wait on the right, and alerts that programs sent, by outcome.",
    unit: "cpm",
    noValue: "no ledger and no alerts() in these applications",
    overrides: [forQuery("waiting", { unit: "short", "custom.axisPlacement": "right" })],
    queries: [
      { refId: "rows", expr: rateOf(names.METRIC_LEDGER_ROWS), legend: "rows written" },
      { refId: "lost", expr: rateOf(names.METRIC_LEDGER_DROPPED), legend: "rows lost" },
      {
        refId: "waiting",
        expr: sumBy([], select(series(names.METRIC_LEDGER_WAITING), appOf(APP))),
        legend: "rows waiting",
      },
      {
        refId: "alerts",
        expr: rateOf(names.METRIC_ALERTS, [names.ATTR_ALERT_OUTCOME]),
        legend: `alerts ${legend(names.ATTR_ALERT_OUTCOME)}`,
      },
    ],
    ...SIZE,
  }),
];

function now(metric: string): string {
  return sumBy([LABEL_APP], select(series(metric), appOf(APP)));
}

function ofApps(metric: string): string {
  return `60 * ${sumBy([LABEL_APP], rate(select(series(metric), appOf(APP)), RATE))}`;
}
