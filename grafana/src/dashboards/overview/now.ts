import { LABEL_APP } from "../../metrics/derived.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { stat } from "../../panels/stat.ts";
import { BUDGET_SHARE, ERROR_SHARE, HEALTH, none, RUN_SECONDS } from "../../panels/values.ts";
import { firingCount } from "../../queries/alerts.ts";
import { budgetShare } from "../../queries/budgets.ts";
import { spent } from "../../queries/cost.ts";
import { slowest } from "../../queries/duration.ts";
import { healthBy } from "../../queries/health.ts";
import { sumBy } from "../../queries/promql.ts";
import { agentCalls, agentErrors } from "../../queries/red.ts";
import { share } from "../../queries/shares.ts";
import { toBoard } from "../links.ts";
import { APP, APP_AND_AGENT, RANGE, RATE } from "../scope.ts";

const WITHIN = { per: "increase", range: RANGE, scope: APP_AND_AGENT } as const;
const NO_RUNS = "no runs of agents in this range";
const NOW = { height: 4 } as const;

/** The worst value first. */
export const now: readonly SizedPanel[] = [
  stat({
    id: 1,
    title: "Worst health",
    description: "The lowest health score of an agent, 0 to 100, over its last five minutes.",
    unit: "none",
    decimals: 0,
    min: 0,
    max: 100,
    thresholds: HEALTH,
    noValue: "no agent was called in the last minutes",
    queries: [{ refId: "A", expr: `min(${healthBy([LABEL_APP], APP_AND_AGENT)})` }],
    width: 4,
    ...NOW,
  }),
  stat({
    id: 2,
    title: "Firing alerts",
    description: "Alerts of these applications and of the telemetry itself that fire now.",
    unit: "short",
    decimals: 0,
    thresholds: none("alert"),
    noValue: "no alert rules are loaded, or Prometheus does not watch itself",
    queries: [{ refId: "A", expr: firingCount(), instant: true }],
    width: 3,
    ...NOW,
  }),
  stat({
    id: 3,
    title: "Failed runs",
    description: "Share of the runs of agents in the range that ended with an error.",
    unit: "percentunit",
    decimals: 1,
    min: 0,
    thresholds: ERROR_SHARE,
    noValue: NO_RUNS,
    queries: [
      {
        refId: "A",
        expr: share(sumBy([], agentErrors(WITHIN)), sumBy([], agentCalls(WITHIN))),
        instant: true,
      },
    ],
    width: 3,
    ...NOW,
  }),
  stat({
    id: 4,
    title: "Slow runs (p95)",
    description:
      "19 of 20 runs of agents in the range were faster, in the application where they take longest.",
    unit: "s",
    thresholds: RUN_SECONDS,
    noValue: NO_RUNS,
    queries: [{ refId: "A", expr: slowest(0.95, WITHIN), instant: true }],
    width: 3,
    ...NOW,
  }),
  stat({
    id: 5,
    title: "Budget used",
    description: "Of the budget that is nearest to its limit, in its window of now.",
    unit: "percentunit",
    decimals: 0,
    min: 0,
    thresholds: BUDGET_SHARE,
    noValue: "no costGuard in these applications",
    links: [toBoard("cost")],
    queries: [{ refId: "A", expr: `max(${budgetShare(APP)})` }],
    width: 3,
    ...NOW,
  }),
  stat({
    id: 6,
    title: "Cost today",
    description: "US dollars since midnight, of model calls whose price is known.",
    unit: "currencyUSD",
    decimals: 2,
    noValue: "no model call with a known price today",
    timeFrom: "now/d",
    links: [toBoard("cost")],
    queries: [{ refId: "A", expr: sumBy([], spent(APP_AND_AGENT, RANGE)), instant: true }],
    width: 4,
    ...NOW,
  }),
  stat({
    id: 7,
    title: "Runs a minute",
    description: "Runs of agents that ended, whoever called them.",
    unit: "cpm",
    noValue: NO_RUNS,
    queries: [
      {
        refId: "A",
        expr: `60 * ${sumBy([], agentCalls({ per: "rate", range: RATE, scope: APP_AND_AGENT }))}`,
      },
    ],
    width: 4,
    ...NOW,
  }),
];
