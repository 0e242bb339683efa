import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { ERROR_SHARE, RUN_SECONDS } from "../../panels/values.ts";
import { AGENT, hourlyByAgent } from "../../queries/cost.ts";
import { durationByAgent, spanDuration } from "../../queries/duration.ts";
import { sumBy } from "../../queries/promql.ts";
import { agentCalls, agentErrors } from "../../queries/red.ts";
import { share } from "../../queries/shares.ts";
import { AGENT_LINKS } from "../links.ts";
import { APP_AND_AGENT, RATE } from "../scope.ts";

const OVER_TIME = { per: "rate", range: RATE, scope: APP_AND_AGENT } as const;
const LEGEND = `{{${AGENT}}}`;
const SIZE = { width: 8, height: 9 } as const;

export const trends: readonly SizedPanel[] = [
  timeSeries({
    id: 13,
    title: "Failed runs, by agent",
    description: "Share of the runs of each agent that ended with an error.",
    unit: "percentunit",
    max: 1,
    thresholds: ERROR_SHARE,
    noValue: "no runs of agents in this range",
    links: AGENT_LINKS,
    queries: [
      {
        refId: "A",
        expr: share(sumBy([AGENT], agentErrors(OVER_TIME)), sumBy([AGENT], agentCalls(OVER_TIME))),
        legend: LEGEND,
      },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 14,
    title: "Duration of runs, by agent (p95)",
    description:
      "19 of 20 runs of each agent were faster; of an agent of several applications, in the slowest. The dots are single runs among the traces that were kept: click one for its trace.",
    unit: "s",
    thresholds: RUN_SECONDS,
    noValue: "no runs of agents in this range",
    links: AGENT_LINKS,
    queries: [
      { refId: "A", expr: durationByAgent(0.95, APP_AND_AGENT, RATE), legend: LEGEND },
      { refId: "B", expr: spanDuration(0.95, APP_AND_AGENT, RATE), legend: "kept traces", exemplar: true },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 15,
    title: "Cost an hour, by agent",
    description:
      "US dollars an hour for the own model calls of each agent, at the rate of that moment; model calls outside of agents are «no agent».",
    unit: "currencyUSD",
    stacked: true,
    noValue: "no model call with a known price in this range",
    links: AGENT_LINKS,
    queries: [{ refId: "A", expr: hourlyByAgent(APP_AND_AGENT, RATE), legend: LEGEND }],
    ...SIZE,
  }),
];
