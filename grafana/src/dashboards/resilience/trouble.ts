import * as names from "../../../../src/telemetry/semconv.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { none } from "../../panels/values.ts";
import { legend, perMinuteOfSome } from "../../queries/ask.ts";
import { APP, RANGE, RATE } from "../scope.ts";

const SIZE = { width: 12, height: 11 } as const;

function rateOf(metric: string, by: readonly string[], where: Readonly<Record<string, string>> = {}): string {
  return perMinuteOfSome({ metric, by, where, scope: APP }, RATE, RANGE);
}

export const trouble: readonly SizedPanel[] = [
  timeSeries({
    id: 14,
    title: "Dead letters a minute",
    description:
      "Tasks that were given up, by type and reason; letters that could not be kept, which are lost to all but their caller; and replays by how they ended.",
    unit: "cpm",
    bars: true,
    thresholds: none("letter a minute"),
    noValue: "no task was given up, or there is no deadLetterQueue in these applications",
    queries: [
      {
        refId: "added",
        expr: rateOf(names.METRIC_DEAD_LETTERS_ADDED, [names.ATTR_TASK_TYPE, names.ATTR_DEAD_LETTER_REASON]),
        legend: legend(names.ATTR_TASK_TYPE, names.ATTR_DEAD_LETTER_REASON),
      },
      {
        refId: "refused",
        expr: rateOf(names.METRIC_DEAD_LETTERS_REFUSED, [
          names.ATTR_DEAD_LETTER_QUEUE,
          names.ATTR_ERROR_TYPE,
        ]),
        legend: `not kept: ${legend(names.ATTR_DEAD_LETTER_QUEUE, names.ATTR_ERROR_TYPE)}`,
      },
      {
        refId: "replays",
        expr: rateOf(names.METRIC_DEAD_LETTERS_REPLAYS, [names.ATTR_DEAD_LETTER_OUTCOME]),
        legend: `replay ${legend(names.ATTR_DEAD_LETTER_OUTCOME)}`,
      },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 15,
    title: "Stores, shared state and memories: trouble a minute",
    description:
      "Shared stores that breakers and rate limits could not reach, writes that met another one or had to be sent again, locks that were waited for in vain, reads of quarantined fields, and summaries of memories that were cut or failed.",
    unit: "cpm",
    noValue: "no trouble, or none of these is used in these applications",
    queries: [
      {
        refId: "breakers",
        expr: rateOf(names.METRIC_BREAKER_STORE_FAILURES, [names.ATTR_BREAKER_NAME]),
        legend: `store of breaker ${legend(names.ATTR_BREAKER_NAME)}`,
      },
      {
        refId: "limits",
        expr: rateOf(names.METRIC_RATE_LIMIT_STORE_FAILURES, [names.ATTR_RATE_LIMIT_NAME]),
        legend: `store of limit ${legend(names.ATTR_RATE_LIMIT_NAME)}`,
      },
      {
        refId: "commits",
        expr: rateOf(names.METRIC_STATE_COMMITS, [names.ATTR_STATE_NAME, names.ATTR_STATE_OUTCOME], {
          [names.ATTR_STATE_OUTCOME]: "rejected|fenced|failed",
        }),
        legend: `commit ${legend(names.ATTR_STATE_NAME, names.ATTR_STATE_OUTCOME)}`,
      },
      {
        refId: "conflicts",
        expr: rateOf(names.METRIC_STATE_CONFLICTS, [names.ATTR_STATE_NAME, names.ATTR_STATE_STRATEGY]),
        legend: `conflict ${legend(names.ATTR_STATE_NAME, names.ATTR_STATE_STRATEGY)}`,
      },
      {
        refId: "retries",
        expr: rateOf(names.METRIC_STATE_RETRIES, [names.ATTR_STATE_NAME]),
        legend: `sent again ${legend(names.ATTR_STATE_NAME)}`,
      },
      {
        refId: "locks",
        expr: rateOf(names.METRIC_STATE_LOCK_TIMEOUTS, [names.ATTR_STATE_NAME]),
        legend: `lock ${legend(names.ATTR_STATE_NAME)}`,
      },
      {
        refId: "quarantine",
        expr: rateOf(names.METRIC_QUARANTINED_READS, [names.ATTR_GUARD_NODE]),
        legend: `quarantined read by ${legend(names.ATTR_GUARD_NODE)}`,
      },
      {
        refId: "summaries",
        expr: rateOf(names.METRIC_MEMORY_SUMMARIES, [names.ATTR_MEMORY_NAME, names.ATTR_MEMORY_OUTCOME], {
          [names.ATTR_MEMORY_OUTCOME]: "cut|failed",
        }),
        legend: `summary ${legend(names.ATTR_MEMORY_NAME, names.ATTR_MEMORY_OUTCOME)}`,
      },
    ],
    legend: "beside",
    ...SIZE,
  }),
];
