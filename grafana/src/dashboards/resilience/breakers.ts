import * as names from "../../../../src/telemetry/semconv.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { stateTimeline } from "../../panels/state-timeline.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { labelOf } from "../../panels/variable.ts";
import { legend, perMinute } from "../../queries/ask.ts";
import { BREAKER, BREAKER_STATES, breakerState } from "../../queries/breakers.ts";
import { toAgent } from "../links.ts";
import { APP, RATE } from "../scope.ts";

export const breakers: readonly SizedPanel[] = [
  stateTimeline({
    id: 5,
    title: "Breakers",
    description:
      "State of each breaker over time; of several processes the worst. Many narrow bars are one that flaps.",
    unit: "short",
    states: BREAKER_STATES,
    noValue: "no breaker in these applications",
    links: [toAgent(labelOf(BREAKER))],
    queries: [{ refId: "A", expr: breakerState(APP), legend: `{{${BREAKER}}}` }],
    width: 15,
    height: 9,
  }),
  timeSeries({
    id: 6,
    title: "Openings a minute",
    description: "How often each breaker opened, and why.",
    unit: "cpm",
    thresholds: {
      warn: 0.2,
      bad: 1,
      meaning:
        "Yellow from once in five minutes, red from once a minute: it flaps, and its limits or its recovery time are wrong",
    },
    noValue: "no breaker opened, or there is none",
    queries: [
      {
        refId: "A",
        expr: perMinute(
          {
            metric: names.METRIC_BREAKER_TRANSITIONS,
            by: [names.ATTR_BREAKER_NAME, names.ATTR_BREAKER_REASON],
            where: { [names.ATTR_BREAKER_TO]: "open" },
            scope: APP,
          },
          RATE,
        ),
        legend: legend(names.ATTR_BREAKER_NAME, names.ATTR_BREAKER_REASON),
      },
    ],
    width: 9,
    height: 9,
  }),
];
