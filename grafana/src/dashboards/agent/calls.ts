import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { ERROR_SHARE, RUN_SECONDS } from "../../panels/values.ts";
import { AGENT } from "../../queries/cost.ts";
import { duration, spanDuration } from "../../queries/duration.ts";
import { sumBy } from "../../queries/promql.ts";
import { agentCalls, agentErrors } from "../../queries/red.ts";
import { share } from "../../queries/shares.ts";
import { AGENT_LINKS } from "../links.ts";
import { APP_AND_ONE_AGENT, RATE } from "../scope.ts";

const OVER_TIME = { per: "rate", range: RATE, scope: APP_AND_ONE_AGENT } as const;
const runs = sumBy([AGENT], agentCalls(OVER_TIME));
const LEGEND = `{{${AGENT}}}`;
const NO_RUNS = "no runs in this range";
const SIZE = { width: 8, height: 8 } as const;

export const calls: readonly SizedPanel[] = [
  timeSeries({
    id: 4,
    title: "Runs a minute",
    description: "Runs that ended, whoever called.",
    unit: "cpm",
    noValue: NO_RUNS,
    links: AGENT_LINKS,
    queries: [{ refId: "A", expr: `60 * ${runs}`, legend: LEGEND }],
    ...SIZE,
  }),
  timeSeries({
    id: 5,
    title: "Failed runs",
    description: "Share of the runs that ended with an error.",
    unit: "percentunit",
    max: 1,
    thresholds: ERROR_SHARE,
    noValue: NO_RUNS,
    links: AGENT_LINKS,
    queries: [{ refId: "A", expr: share(sumBy([AGENT], agentErrors(OVER_TIME)), runs), legend: LEGEND }],
    ...SIZE,
  }),
  timeSeries({
    id: 6,
    title: "Duration of runs",
    description:
      "Half, 19 of 20 and 99 of 100 runs were faster; of several applications, in the slowest. The dots are single runs among the traces that were kept: click one for its trace.",
    unit: "s",
    thresholds: RUN_SECONDS,
    noValue: NO_RUNS,
    queries: [
      { refId: "A", expr: duration(0.5, APP_AND_ONE_AGENT, RATE), legend: "p50" },
      { refId: "B", expr: duration(0.95, APP_AND_ONE_AGENT, RATE), legend: "p95" },
      { refId: "C", expr: duration(0.99, APP_AND_ONE_AGENT, RATE), legend: "p99" },
      {
        refId: "D",
        expr: spanDuration(0.95, APP_AND_ONE_AGENT, RATE),
        legend: "p95 of kept traces",
        exemplar: true,
      },
    ],
    ...SIZE,
  }),
];
