import { ACCEPTED_SPANS, FAILED_SPANS, NOT_QUEUED_SPANS, SENT_SPANS } from "../../metrics/collector.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { none } from "../../panels/values.ts";
import {
  FAILED_INSIDE_SPANS,
  pipelineRate,
  queued,
  queueShare,
  REFUSED_POINTS,
  REFUSED_SPANS,
  STREAMS,
  STREAMS_LIMIT,
} from "../../queries/collector.ts";
import { sumBy } from "../../queries/promql.ts";
import { orZero } from "../../queries/shares.ts";
import { RATE } from "../scope.ts";

const NOT_THERE = "Prometheus does not reach the collector's own numbers";
/** The collector tells it from the first one on. */
const notQueued = orZero(pipelineRate(NOT_QUEUED_SPANS, RATE), pipelineRate(ACCEPTED_SPANS, RATE));
const inAll = (expr: string) => sumBy([], expr);
const SIZE = { width: 6, height: 8 } as const;

export const pipeline: readonly SizedPanel[] = [
  timeSeries({
    id: 9,
    title: "Room in the collector",
    description:
      "Requests that wait on the collector's disk, of those that it may keep, and streams of metrics that it tracks, of those that it may track.",
    unit: "percentunit",
    max: 1,
    thresholds: {
      warn: 0.5,
      bad: 0.8,
      meaning:
        "Yellow from half, red from 80 %: with a full queue programs have to wait, and their spools grow; past the last stream points are dropped",
    },
    noValue: NOT_THERE,
    queries: [
      { refId: "A", expr: queueShare, legend: "{{job}} {{exporter}} {{data_type}}" },
      { refId: "B", expr: `max(${STREAMS} / ${STREAMS_LIMIT})`, legend: "streams" },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 10,
    title: "Requests in the queue",
    description: "How many wait, by exporter.",
    unit: "short",
    noValue: NOT_THERE,
    queries: [{ refId: "A", expr: queued, legend: "{{job}} {{exporter}} {{data_type}}" }],
    ...SIZE,
  }),
  timeSeries({
    id: 11,
    title: "Spans through, a minute",
    description:
      "Spans that the collector and Jaeger took in and passed on. Jaeger's line lies upon the collector's when nothing waits and nothing samples.",
    unit: "cpm",
    noValue: NOT_THERE,
    queries: [
      { refId: "A", expr: pipelineRate(ACCEPTED_SPANS, RATE), legend: "{{job}} in" },
      { refId: "B", expr: pipelineRate(SENT_SPANS, RATE), legend: "{{job}} out" },
    ],
    ...SIZE,
  }),
  timeSeries({
    id: 12,
    title: "Failures, a minute",
    description:
      "Spans and points that were refused (no memory, a full queue), spans that failed inside, could not be queued, or were not taken by Jaeger and are lost. Of the collectors and Jaeger together.",
    unit: "cpm",
    thresholds: none("a minute"),
    noValue: NOT_THERE,
    queries: [
      { refId: "A", expr: inAll(pipelineRate(REFUSED_SPANS, RATE)), legend: "refused spans" },
      { refId: "B", expr: inAll(pipelineRate(FAILED_INSIDE_SPANS, RATE)), legend: "failed spans" },
      { refId: "C", expr: inAll(pipelineRate(REFUSED_POINTS, RATE)), legend: "refused points" },
      { refId: "D", expr: inAll(notQueued), legend: "not queued" },
      { refId: "E", expr: inAll(pipelineRate(FAILED_SPANS, RATE)), legend: "not sent" },
    ],
    ...SIZE,
  }),
];
