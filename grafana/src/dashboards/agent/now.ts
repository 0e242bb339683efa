import { barGauge } from "../../panels/bar-gauge.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { stat } from "../../panels/stat.ts";
import { stateTimeline } from "../../panels/state-timeline.ts";
import { HEALTH } from "../../panels/values.ts";
import { BREAKER, BREAKER_STATES, breakerState } from "../../queries/breakers.ts";
import { AGENT } from "../../queries/cost.ts";
import { COMPONENT, healthBy, healthComponents } from "../../queries/health.ts";
import { toBoard } from "../links.ts";
import { APP, APP_AND_ONE_AGENT, ONE_AGENT } from "../scope.ts";

const NOT_CALLED = "not called in the last five minutes, so nothing is known";

export const condition: readonly SizedPanel[] = [
  stat({
    id: 1,
    title: "Health",
    description: "Score from 0 to 100 over the last five minutes; of several processes the worst.",
    unit: "none",
    decimals: 0,
    min: 0,
    max: 100,
    thresholds: HEALTH,
    noValue: NOT_CALLED,
    queries: [{ refId: "A", expr: healthBy([AGENT], APP_AND_ONE_AGENT), legend: `{{${AGENT}}}` }],
    width: 6,
    height: 7,
  }),
  barGauge({
    id: 2,
    title: "What pulls it down",
    description:
      "Rates that the score is made of, each the lower end of its interval: runs that failed (half of the score), slow ones and refused ones (a fifth each), quarantined ones (a tenth).",
    unit: "percentunit",
    max: 1,
    thresholds: {
      warn: 0.05,
      bad: 0.2,
      meaning: "Yellow from 5 %, red from 20 %, where failures alone take ten points off the score",
    },
    noValue: NOT_CALLED,
    queries: [{ refId: "A", expr: healthComponents(APP_AND_ONE_AGENT), legend: `{{${COMPONENT}}}` }],
    width: 6,
    height: 7,
  }),
  stateTimeline({
    id: 3,
    title: "Breakers of its name",
    description:
      "State of the breakers that are called as the agent is; of several processes the worst. A breaker of another name is on the board of resilience.",
    unit: "short",
    states: BREAKER_STATES,
    noValue: "no breaker has this agent's name",
    links: [toBoard("resilience")],
    queries: [{ refId: "A", expr: breakerState(APP, ONE_AGENT), legend: `{{${BREAKER}}}` }],
    width: 12,
    height: 7,
  }),
];
