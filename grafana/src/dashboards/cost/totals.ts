import type { SizedPanel } from "../../panels/panel.ts";
import { stat } from "../../panels/stat.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { costPerRequest, forecastToday, spent, spentHourly } from "../../queries/cost.ts";
import { sumBy } from "../../queries/promql.ts";
import { ALL_OF_IT, APP, RANGE, RATE } from "../scope.ts";

const NONE = "no model call with a known price";
const total = sumBy([], spent(ALL_OF_IT, RANGE));
const hourly = sumBy([], spentHourly(ALL_OF_IT, RATE));
const HEIGHT = 7;

export const totals: readonly SizedPanel[] = [
  stat({
    id: 1,
    title: "Today",
    description:
      "US dollars since midnight; by the next midnight, if it goes on as in the last hour; in 30 days, if all are as the last 24 hours. Prometheus must have had that long to look.",
    unit: "currencyUSD",
    decimals: 2,
    noValue: `${NONE} today`,
    timeFrom: "now/d",
    queries: [
      { refId: "A", expr: total, legend: "so far", instant: true },
      { refId: "B", expr: forecastToday(ALL_OF_IT), legend: "by midnight", instant: true },
      {
        refId: "C",
        expr: `30 * ${sumBy([], spent(ALL_OF_IT, "1d"))}`,
        legend: "30 such days",
        instant: true,
      },
    ],
    width: 8,
    height: HEIGHT,
  }),
  stat({
    id: 2,
    title: "In this range",
    description:
      "US dollars in the range of the board: all of it, an hour, and for each request. A request is a run of an agent that nobody called, or of a workflow; for those agents and models are not chosen.",
    unit: "currencyUSD",
    noValue: `${NONE} in this range`,
    queries: [
      { refId: "A", expr: total, legend: "in all", instant: true },
      { refId: "B", expr: `${total} / $__range_s * 3600`, legend: "an hour", instant: true },
      { refId: "C", expr: costPerRequest(APP, RANGE), legend: "a request", instant: true },
    ],
    width: 8,
    height: HEIGHT,
  }),
  timeSeries({
    id: 3,
    title: "Burn rate",
    description: "US dollars an hour, and what it was at the same time of the day before.",
    unit: "currencyUSD",
    noValue: `${NONE} in this range`,
    queries: [
      { refId: "A", expr: hourly, legend: "now" },
      {
        refId: "B",
        expr: sumBy([], spentHourly(ALL_OF_IT, RATE, "1d")),
        legend: "a day before",
      },
    ],
    width: 8,
    height: HEIGHT,
  }),
];
