import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { barGauge } from "../../panels/bar-gauge.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { table } from "../../panels/table.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { BUDGET_SHARE } from "../../panels/values.ts";
import { legend } from "../../queries/ask.ts";
import {
  BUDGET,
  budgetForecast,
  budgetLimit,
  budgetShare,
  budgetUsed,
  WINDOW,
} from "../../queries/budgets.ts";
import { tokenBudgetShare } from "../../queries/token-budgets.ts";
import { APP } from "../scope.ts";

const NO_GUARD = "no costGuard in these applications";
const HEIGHT = 8;

export const budgets: readonly SizedPanel[] = [
  table({
    id: 4,
    title: "Budgets in money",
    description: `Spent and reserved in the hour, day and month of now, and the share at the end of it if it goes on as so far. ${BUDGET_SHARE.meaning}.`,
    unit: "currencyUSD",
    noValue: NO_GUARD,
    queries: [
      { refId: "used", expr: budgetUsed(APP) },
      { refId: "limit", expr: budgetLimit(APP) },
      { refId: "share", expr: budgetShare(APP) },
      { refId: "forecast", expr: budgetForecast(APP) },
    ],
    columns: [
      { field: BUDGET, title: "Budget", width: 100 },
      { field: WINDOW, title: "Window", width: 65 },
      {
        field: "Value #share",
        title: "Used",
        unit: "percentunit",
        thresholds: BUDGET_SHARE,
        width: 75,
        properties: { decimals: 1 },
      },
      {
        field: "Value #forecast",
        title: "At the end",
        unit: "percentunit",
        thresholds: BUDGET_SHARE,
        width: 90,
        properties: { decimals: 1 },
      },
      { field: "Value #used", title: "Spent", width: 75 },
      { field: "Value #limit", title: "Limit", width: 75 },
      { field: LABEL_APP, title: "Application", width: 95 },
    ],
    sortBy: { title: "Used", lowestFirst: false },
    width: 11,
    height: HEIGHT,
  }),
  timeSeries({
    id: 5,
    title: "Budget left",
    description:
      "Share that is not used yet, of the eight budgets and windows that have the least left. It falls over the window and jumps back when the next one begins.",
    unit: "percentunit",
    max: 1,
    thresholds: {
      warn: 0.2,
      bad: 0.01,
      meaning: "Yellow below 20 %, red where nothing is left and calls are refused",
    },
    noValue: NO_GUARD,
    queries: [
      {
        refId: "A",
        expr: `bottomk(8, 1 - ${budgetShare(APP)})`,
        legend: legend(names.ATTR_BUDGET_NAME, names.ATTR_BUDGET_WINDOW),
      },
    ],
    legend: "beside",
    width: 9,
    height: HEIGHT,
  }),
  barGauge({
    id: 6,
    title: "Token budgets",
    description: "Tokens used and granted, of the total that the agents share.",
    unit: "percentunit",
    max: 1,
    thresholds: BUDGET_SHARE,
    noValue: "no tokenBudget in these applications",
    queries: [{ refId: "A", expr: tokenBudgetShare(APP), legend: legend(names.ATTR_TOKEN_BUDGET_NAME) }],
    width: 4,
    height: HEIGHT,
  }),
];
