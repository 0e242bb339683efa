import * as names from "../../../../src/telemetry/semconv.ts";
import { forQuery, type SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { none } from "../../panels/values.ts";
import { type Asked, legend, perMinute, perMinuteOfSome, quantileOf } from "../../queries/ask.ts";
import { orZero } from "../../queries/shares.ts";
import { APP, RANGE, RATE } from "../scope.ts";

const MODEL_CALLS = {
  scope: APP,
  where: { [names.ATTR_AGENT_NAME]: "$agent", [names.ATTR_REQUEST_MODEL]: "$model" },
} as const;
const BY_MODEL = { ...MODEL_CALLS, by: [names.ATTR_REQUEST_MODEL] } as const;
const OF_MODEL = legend(names.ATTR_REQUEST_MODEL);
const rateOf = (asked: Asked) => perMinute(asked, RATE);
const someOf = (asked: Asked) => perMinuteOfSome(asked, RATE, RANGE);
/** 0 for a model whose calls all have it: no line is for no calls. */
const ofAllCalls = (metric: string) =>
  orZero(rateOf({ metric, ...BY_MODEL }), rateOf({ metric: names.METRIC_INFERENCE_DURATION, ...BY_MODEL }));
const SIZE = { width: 8, height: 8 } as const;

export const savings: readonly SizedPanel[] = [
  timeSeries({
    id: 11,
    title: "Input read from a cache",
    description:
      "Share of the input tokens of each model that came from the provider's cache, at a tenth to a half of the price.",
    unit: "percentunit",
    max: 1,
    noValue: "no input in this range, or no provider that says what it cached",
    queries: [
      {
        refId: "A",
        expr: `${rateOf({ metric: names.METRIC_USAGE_CACHE_READ, ...BY_MODEL })} / (${rateOf({ metric: names.METRIC_USAGE_INPUT, ...BY_MODEL })} > 0)`,
        legend: OF_MODEL,
      },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 12,
    title: "Tokens of a call (p95)",
    description:
      "Input and output that 19 of 20 model calls did not exceed. A growing input is a history that nobody shortens.",
    unit: "short",
    thresholds: {
      warn: 65_536,
      bad: 262_144,
      meaning:
        "Yellow from 65,536, red from 262,144 tokens, where providers ask the higher price of long contexts or refuse",
    },
    noValue: "no model call with known tokens in this range",
    queries: [
      {
        refId: "A",
        expr: quantileOf(0.95, { metric: names.METRIC_INPUT_TOKENS, ...BY_MODEL }, RATE),
        legend: `in, ${OF_MODEL}`,
      },
      {
        refId: "B",
        expr: quantileOf(0.95, { metric: names.METRIC_OUTPUT_TOKENS, ...BY_MODEL }, RATE),
        legend: `out, ${OF_MODEL}`,
      },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 13,
    title: "Calls of routers a minute, by model",
    description: "What modelRouter chose.",
    unit: "cpm",
    stacked: true,
    noValue: "no modelRouter in these applications",
    queries: [
      {
        refId: "A",
        expr: rateOf({ metric: names.METRIC_ROUTER_DECISIONS, by: [names.ATTR_ROUTER_MODEL], scope: APP }),
        legend: legend(names.ATTR_ROUTER_MODEL),
      },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 14,
    title: "Calls without a cost, a minute",
    description:
      "Model calls whose price is not known, and calls that succeeded without usable counts of tokens. They are missing in every sum of this board.",
    unit: "cpm",
    thresholds: none("call a minute"),
    noValue: "no model calls in this range",
    queries: [
      { refId: "A", expr: ofAllCalls(names.METRIC_COST_UNPRICED), legend: `no price, ${OF_MODEL}` },
      { refId: "B", expr: ofAllCalls(names.METRIC_USAGE_UNKNOWN), legend: `no counts, ${OF_MODEL}` },
    ],
    width: 12,
    height: 8,
  }),
  timeSeries({
    id: 15,
    title: "Refused and overrun",
    description:
      "Calls a minute that budgets in money and in tokens refused, and on the right US dollars a minute that calls cost beyond what was reserved for them.",
    unit: "cpm",
    thresholds: none("refused call a minute"),
    noValue: "no costGuard or tokenBudget in these applications, or none refused anything",
    overrides: [forQuery("overrun", { unit: "currencyUSD", "custom.axisPlacement": "right" })],
    queries: [
      {
        refId: "money",
        expr: someOf({
          metric: names.METRIC_BUDGET_REJECTIONS,
          by: [names.ATTR_BUDGET_NAME, names.ATTR_BUDGET_WINDOW],
          scope: APP,
        }),
        legend: legend(names.ATTR_BUDGET_NAME, names.ATTR_BUDGET_WINDOW),
      },
      {
        refId: "tokens",
        expr: someOf({
          metric: names.METRIC_TOKEN_BUDGET_REJECTIONS,
          by: [names.ATTR_TOKEN_BUDGET_NAME],
          scope: APP,
        }),
        legend: `${legend(names.ATTR_TOKEN_BUDGET_NAME)} tokens`,
      },
      {
        refId: "overrun",
        expr: someOf({ metric: names.METRIC_BUDGET_OVERRUN, by: [names.ATTR_BUDGET_NAME], scope: APP }),
        legend: `${legend(names.ATTR_BUDGET_NAME)} overrun`,
      },
    ],
    legend: "beside",
    width: 12,
    height: 8,
  }),
];
