import * as names from "../../../../src/telemetry/semconv.ts";
import { forQuery, type SizedPanel } from "../../panels/panel.ts";
import { stat } from "../../panels/stat.ts";
import { none } from "../../panels/values.ts";
import { highest, total } from "../../queries/ask.ts";
import { openBreakers } from "../../queries/breakers.ts";
import { APP } from "../scope.ts";

const HEIGHT = 4;
/** Processes that share a store all say what is in it. */
const LETTERS = {
  metric: names.METRIC_DEAD_LETTERS_UNRESOLVED,
  by: [names.ATTR_DEAD_LETTER_QUEUE],
  scope: APP,
} as const;

/** As thresholds of one query among several, since those of the panel count letters. */
const SECONDS = [
  { value: null, color: "green" },
  { value: 3_600, color: "yellow" },
  { value: 86_400, color: "red" },
];

export const state: readonly SizedPanel[] = [
  stat({
    id: 1,
    title: "Open breakers",
    description: "Breakers that refuse calls in some process now, forced ones included.",
    unit: "short",
    decimals: 0,
    thresholds: none("breaker"),
    noValue: "no breaker in these applications",
    queries: [{ refId: "A", expr: openBreakers(APP) }],
    width: 6,
    height: HEIGHT,
  }),
  stat({
    id: 2,
    title: "Dead letters",
    description:
      "Tasks that were given up and wait for somebody, and how long ago the oldest of them was first tried: yellow from an hour, red from a day.",
    unit: "short",
    decimals: 0,
    thresholds: { warn: 1, bad: 10, meaning: "Letters are yellow from one on, red from ten" },
    noValue: "no deadLetterQueue in these applications",
    overrides: [forQuery("age", { unit: "s", thresholds: { mode: "absolute", steps: SECONDS } })],
    queries: [
      { refId: "letters", expr: `sum(${highest(LETTERS)})`, legend: "waiting" },
      {
        refId: "age",
        expr: highest({ metric: names.METRIC_DEAD_LETTERS_OLDEST_AGE, scope: APP }),
        legend: "oldest",
      },
    ],
    width: 8,
    height: HEIGHT,
  }),
  stat({
    id: 3,
    title: "Stuck tasks",
    description:
      "Tasks that run on though their callers were told that they are over. Each keeps its place in the queue.",
    unit: "short",
    decimals: 0,
    thresholds: none("task"),
    noValue: "no requestQueue in these applications",
    queries: [{ refId: "A", expr: total({ metric: names.METRIC_QUEUE_ZOMBIES, scope: APP }) }],
    width: 5,
    height: HEIGHT,
  }),
  stat({
    id: 4,
    title: "Quarantined fields",
    description: "Fields of shared state that are blocked now, since the node that wrote them failed.",
    unit: "short",
    decimals: 0,
    thresholds: none("field"),
    noValue: "no cascade guard in these applications",
    queries: [{ refId: "A", expr: total({ metric: names.METRIC_QUARANTINED_FIELDS, scope: APP }) }],
    width: 5,
    height: HEIGHT,
  }),
];
