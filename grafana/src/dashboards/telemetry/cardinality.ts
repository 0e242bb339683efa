import { LABEL_APP } from "../../metrics/derived.ts";
import { barGauge } from "../../panels/bar-gauge.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { none } from "../../panels/values.ts";
import { POINTS } from "../../queries/collector.ts";
import { foldedSeries, mostSeries, overflown, seriesScraped } from "../../queries/series.ts";
import { APP, RATE } from "../scope.ts";

const OF_APP = `{{${LABEL_APP}}}`;
const HEIGHT = 10;

export const cardinality: readonly SizedPanel[] = [
  timeSeries({
    id: 13,
    title: "Series",
    description:
      "What Prometheus gets from the collector at each scrape: what programs sent, and what is made of spans. It grows with the processes of an application and not with its requests.",
    unit: "short",
    thresholds: {
      warn: 50_000,
      bad: 200_000,
      meaning:
        "Yellow from 50,000, red from 200,000, where one Prometheus needs gigabytes and boards become slow",
    },
    noValue: "Prometheus does not scrape the collector",
    queries: [{ refId: "A", expr: seriesScraped, legend: `{{${LABEL_APP}}}` }],
    width: 8,
    height: HEIGHT,
  }),
  barGauge({
    id: 14,
    title: "Where the series are",
    description: "The applications and the metrics with the most series: where to look when they grow.",
    unit: "short",
    noValue: "no application sends anything",
    queries: [
      { refId: "apps", expr: mostSeries(LABEL_APP, APP, 3), legend: `{{${LABEL_APP}}}`, instant: true },
      { refId: "metrics", expr: mostSeries("__name__", APP, 4), legend: "{{__name__}}", instant: true },
    ],
    width: 8,
    height: HEIGHT,
  }),
  timeSeries({
    id: 15,
    title: "Names folded, points dropped",
    description:
      "Series in which names are folded into `_OTHER` since they were too many or looked like ids, by label; series in which the collector counts what came past its own cap; and points a minute that it dropped since there were too many.",
    unit: "short",
    thresholds: none("folded series"),
    noValue: "nothing is folded, and Prometheus does not reach the collector's own numbers",
    queries: [
      { refId: "folded", expr: foldedSeries(APP), legend: `${OF_APP} {{label}}` },
      { refId: "overflow", expr: overflown(APP), legend: `${OF_APP} past the collector's cap` },
      { refId: "dropped", expr: `60 * sum(rate(${POINTS}{error!=""}[${RATE}]))`, legend: "points dropped" },
    ],
    width: 8,
    height: HEIGHT,
  }),
];
