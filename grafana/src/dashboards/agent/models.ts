import * as names from "../../../../src/telemetry/semconv.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { legend, perMinute, quantileOf } from "../../queries/ask.ts";
import { MODEL, spentHourly } from "../../queries/cost.ts";
import { either, relabel, sumBy } from "../../queries/promql.ts";
import { MODEL_LINKS } from "../links.ts";
import { APP, APP_AND_ONE_AGENT, ONE_AGENT, RATE } from "../scope.ts";

const OF_AGENT = { scope: APP, where: { [names.ATTR_AGENT_NAME]: ONE_AGENT } } as const;
const BY_MODEL = { ...OF_AGENT, by: [names.ATTR_REQUEST_MODEL] } as const;
const TOKENS = [
  [names.METRIC_USAGE_INPUT, "input"],
  [names.METRIC_USAGE_OUTPUT, "output"],
  [names.METRIC_USAGE_CACHE_READ, "cache read"],
  [names.METRIC_USAGE_CACHE_WRITE, "cache write"],
  [names.METRIC_USAGE_REASONING, "reasoning"],
] as const;
const tokens = ([metric, type]: (typeof TOKENS)[number]) =>
  relabel(perMinute({ metric, ...OF_AGENT }, RATE), "label", "", "", type);
const p95 = (metric: string) => quantileOf(0.95, { metric, ...BY_MODEL }, RATE);
const OF_MODEL = legend(names.ATTR_REQUEST_MODEL);
const SIZE = { width: 8, height: 8 } as const;

export const modelUse: readonly SizedPanel[] = [
  timeSeries({
    id: 7,
    title: "Tokens a minute, by type",
    description:
      "As billed. Tokens read from a cache and written to it are part of the input, reasoning is part of the output. A provider that does not say one of them has no line for it.",
    unit: "short",
    noValue: "no model call with known tokens in this range",
    queries: [{ refId: "A", expr: either(...TOKENS.map(tokens)), legend: "{{label}}" }],
    ...SIZE,
  }),
  timeSeries({
    id: 8,
    title: "Cost an hour, by model",
    description: "US dollars an hour for its own model calls, at the rate of that moment.",
    unit: "currencyUSD",
    stacked: true,
    noValue: "no model call with a known price in this range",
    links: MODEL_LINKS,
    queries: [
      { refId: "A", expr: sumBy([MODEL], spentHourly(APP_AND_ONE_AGENT, RATE)), legend: `{{${MODEL}}}` },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 9,
    title: "Duration of model calls (p95)",
    description:
      "What 19 of 20 calls of each model did not exceed: the whole answer, and of streamed ones the wait for the first piece and between two pieces.",
    unit: "s",
    thresholds: {
      warn: 10,
      bad: 30,
      meaning: "Yellow from 10 s, red from 30 s, which a whole run should not take",
    },
    noValue: "no model calls in this range",
    links: MODEL_LINKS,
    queries: [
      { refId: "A", expr: p95(names.METRIC_INFERENCE_DURATION), legend: `answer, ${OF_MODEL}` },
      { refId: "B", expr: p95(names.METRIC_TIME_TO_FIRST_CHUNK), legend: `first piece, ${OF_MODEL}` },
      { refId: "C", expr: p95(names.METRIC_TIME_PER_OUTPUT_CHUNK), legend: `between pieces, ${OF_MODEL}` },
    ],
    ...SIZE,
  }),
];
