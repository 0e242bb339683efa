import * as names from "../../../../src/telemetry/semconv.ts";
import { barGauge } from "../../panels/bar-gauge.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { legend, perMinuteOfSome, quantileOf } from "../../queries/ask.ts";
import { rateLimitUsed } from "../../queries/rate-limits.ts";
import { APP, RANGE, RATE } from "../scope.ts";

const rateOf = (metric: string, ...by: readonly string[]) =>
  perMinuteOfSome({ metric, by, scope: APP }, RATE, RANGE);
/** Without those that nobody waited for, of which there is no quantile. */
const waited = (metric: string, by: string) =>
  `${quantileOf(0.95, { metric, by: [by], scope: APP }, RATE)} >= 0`;
const SIZE = { width: 12, height: 9 } as const;

export const limits: readonly SizedPanel[] = [
  timeSeries({
    id: 7,
    title: "Refused a minute, by guard",
    description:
      "Calls and tasks that were not made, by what refused them and why; and pauses that providers asked for.",
    unit: "cpm",
    noValue: "nothing was refused, or no guard is used in these applications",
    queries: [
      {
        refId: "breaker",
        expr: rateOf(names.METRIC_BREAKER_REJECTIONS, names.ATTR_BREAKER_NAME),
        legend: `breaker ${legend(names.ATTR_BREAKER_NAME)}`,
      },
      {
        refId: "limit",
        expr: rateOf(
          names.METRIC_RATE_LIMIT_REJECTIONS,
          names.ATTR_RATE_LIMIT_NAME,
          names.ATTR_RATE_LIMIT_REASON,
        ),
        legend: `limit ${legend(names.ATTR_RATE_LIMIT_NAME, names.ATTR_RATE_LIMIT_REASON)}`,
      },
      {
        refId: "queue",
        expr: rateOf(names.METRIC_QUEUE_REJECTIONS, names.ATTR_QUEUE_NAME, names.ATTR_QUEUE_REASON),
        legend: `queue ${legend(names.ATTR_QUEUE_NAME, names.ATTR_QUEUE_REASON)}`,
      },
      {
        refId: "supervisor",
        expr: rateOf(names.METRIC_SUPERVISOR_REJECTIONS, names.ATTR_SUPERVISOR_NAME, names.ATTR_TASK_TYPE),
        legend: `supervisor ${legend(names.ATTR_SUPERVISOR_NAME, names.ATTR_TASK_TYPE)}`,
      },
      {
        refId: "budget",
        expr: rateOf(names.METRIC_BUDGET_REJECTIONS, names.ATTR_BUDGET_NAME, names.ATTR_BUDGET_WINDOW),
        legend: `budget ${legend(names.ATTR_BUDGET_NAME, names.ATTR_BUDGET_WINDOW)}`,
      },
      {
        refId: "tool guard",
        expr: rateOf(names.METRIC_TOOL_GUARD_REJECTIONS, names.ATTR_TOOL_NAME, names.ATTR_TOOL_GUARD_REASON),
        legend: `tool ${legend(names.ATTR_TOOL_NAME, names.ATTR_TOOL_GUARD_REASON)}`,
      },
      {
        refId: "pauses",
        expr: rateOf(names.METRIC_RATE_LIMIT_PAUSES, names.ATTR_RATE_LIMIT_NAME),
        legend: `pause ${legend(names.ATTR_RATE_LIMIT_NAME)}`,
      },
    ],
    legend: "beside",
    ...SIZE,
  }),
  timeSeries({
    id: 10,
    title: "Other answers a minute",
    description:
      "Calls that a fallback answered, tried or failed at, and calls by the service tier that answered: who gets less than the best.",
    unit: "cpm",
    noValue: "no fallback and no service tiers in these applications, or none was needed",
    queries: [
      {
        refId: "fallbacks",
        expr: rateOf(names.METRIC_FALLBACKS, names.ATTR_FALLBACK_KIND, names.ATTR_FALLBACK_OUTCOME),
        legend: `fallback ${legend(names.ATTR_FALLBACK_KIND, names.ATTR_FALLBACK_OUTCOME)}`,
      },
      {
        refId: "tiers",
        expr: rateOf(names.METRIC_TIER_CALLS, names.ATTR_TIER_SERVICE, names.ATTR_TIER),
        legend: `tier ${legend(names.ATTR_TIER_SERVICE, names.ATTR_TIER)}`,
      },
    ],
    legend: "beside",
    ...SIZE,
  }),
  barGauge({
    id: 8,
    title: "Rate limits: used",
    description:
      "Calls let through, of what the limit allows: in the busiest second and minute of the range (means over the interval of the board), and in the last 24 hours. The six fullest, of the fullest process.",
    unit: "percentunit",
    decimals: 1,
    max: 1,
    thresholds: {
      warn: 0.8,
      bad: 1,
      meaning: "Yellow from 80 %, red where the next call waits or is refused",
    },
    noValue: "no rateLimit in these applications, or it is one of tokens alone",
    queries: [
      {
        refId: "A",
        expr: `sort_desc(topk(6, ${rateLimitUsed(APP, { rate: RATE, shown: RANGE })}))`,
        legend: legend(names.ATTR_RATE_LIMIT_NAME, names.ATTR_RATE_LIMIT_WINDOW),
        instant: true,
      },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 9,
    title: "Waiting (p95)",
    description:
      "How long 19 of 20 calls and tasks waited at the most, before they were let through or started. How many wait now is on the panel of the queues.",
    unit: "s",
    thresholds: {
      warn: 5,
      bad: 30,
      meaning: "Yellow from 5 s, red from 30 s, which is what a whole run should take",
    },
    noValue: "nothing waited, or there is no rateLimit and no requestQueue in these applications",
    queries: [
      {
        refId: "limits",
        expr: waited(names.METRIC_RATE_LIMIT_WAIT, names.ATTR_RATE_LIMIT_NAME),
        legend: `limit ${legend(names.ATTR_RATE_LIMIT_NAME)}`,
      },
      {
        refId: "queues",
        expr: waited(names.METRIC_QUEUE_WAIT, names.ATTR_QUEUE_NAME),
        legend: `queue ${legend(names.ATTR_QUEUE_NAME)}`,
      },
    ],
    legend: "beside",
    ...SIZE,
  }),
];
