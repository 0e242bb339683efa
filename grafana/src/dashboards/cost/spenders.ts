import { barGauge } from "../../panels/bar-gauge.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { labelOf } from "../../panels/variable.ts";
import {
  AGENT,
  CALLER,
  costByCaller,
  costByWorkflow,
  hourlyByAgent,
  MODEL,
  spent,
  WORKFLOW,
} from "../../queries/cost.ts";
import { sumBy } from "../../queries/promql.ts";
import { AGENT_LINKS, MODEL_LINKS, toAgent, toTraces } from "../links.ts";
import { ALL_OF_IT, APP, APP_AND_AGENT, RANGE, RATE } from "../scope.ts";

const NONE = "no model call with a known price in this range";
const top = (expr: string) => `sort_desc(topk(12, ${expr}))`;

export const spenders: readonly SizedPanel[] = [
  timeSeries({
    id: 7,
    title: "Cost an hour, by agent",
    description:
      "US dollars an hour for the own model calls of each agent, and for those outside of agents: click a peak for its agent, or for the traces.",
    unit: "currencyUSD",
    stacked: true,
    noValue: NONE,
    links: AGENT_LINKS,
    queries: [{ refId: "A", expr: hourlyByAgent(ALL_OF_IT, RATE), legend: `{{${AGENT}}}` }],
    width: 9,
    height: 9,
  }),
  barGauge({
    id: 8,
    title: "By model",
    description: "US dollars in the range. The colour is that of the name.",
    unit: "currencyUSD",
    noValue: NONE,
    links: MODEL_LINKS,
    queries: [
      {
        refId: "A",
        expr: top(sumBy([MODEL], spent(ALL_OF_IT, RANGE))),
        legend: `{{${MODEL}}}`,
        instant: true,
      },
    ],
    width: 5,
    height: 9,
  }),
  barGauge({
    id: 9,
    title: "By caller",
    description:
      "US dollars in the range for the own model calls of the agents that each caller ran; `user` is whoever starts a request. Counted when a run ends.",
    unit: "currencyUSD",
    noValue: "no run of an agent ended in this range",
    links: [toAgent(labelOf(CALLER))],
    queries: [
      { refId: "A", expr: top(costByCaller(APP_AND_AGENT, RANGE)), legend: `{{${CALLER}}}`, instant: true },
    ],
    width: 5,
    height: 9,
  }),
  barGauge({
    id: 10,
    title: "By workflow",
    description:
      "US dollars in the range for all that ran inside of each workflow. A workflow inside another counts in both. Counted when a run ends.",
    unit: "currencyUSD",
    noValue: "no workflow in these applications, or none ended in this range",
    links: [toTraces(labelOf(WORKFLOW))],
    queries: [
      { refId: "A", expr: top(costByWorkflow(APP, RANGE)), legend: `{{${WORKFLOW}}}`, instant: true },
    ],
    width: 5,
    height: 9,
  }),
];
