import type { Dashboard, Target } from "./dashboard-file.ts";

/** Queries that rightly find nothing in the run, by what they ask for, and why. */
const EMPTY: readonly (readonly [asks: RegExp, why: string])[] = [
  [/otel_metric_overflow="true"/, "2,000 series of one application would have to come first"],
  [
    /otelcol_deltatocumulative_datapoints\{error/,
    "the collector's counter begins with the first point that it drops",
  ],
  [/otelcol_exporter_enqueue_failed_spans/, "the collector's counter begins with the first loss"],
];

/** Values of variables that a whole dashboard has nothing to say about, and why. */
const NOTHING: readonly (readonly [uid: string, values: readonly string[], why: string])[] = [
  [
    "agent-otel-agent",
    ["office"],
    "the agent that the board is opened with is not in it; Grafana asks for agents anew",
  ],
  ["agent-otel-cost", ["office", "receptionist", "bookkeeper"], "spans alone tell no cost"],
  [
    "agent-otel-resilience",
    ["office"],
    "an application without our SDK has no breakers, queues or workflows",
  ],
];

export const mayBeEmpty = ({ expr = "" }: Target): boolean => EMPTY.some(([asks]) => asks.test(expr));

export const hasNothingFor = ({ uid }: Dashboard, value: string): boolean =>
  NOTHING.some(([dashboard, values]) => dashboard === uid && values.includes(value));

/** The run has no yesterday: what was is asked as what is. */
export const yesterdayIsNow = (query: string): string => query.replaceAll(/ offset \d+[dw]\b/g, "");
