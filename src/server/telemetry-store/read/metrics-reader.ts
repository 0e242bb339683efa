import type { Attributes } from "@opentelemetry/api";
import type { SourceInstrument } from "../../../telemetry/metric-sources.ts";
import * as names from "../../../telemetry/semconv.ts";
import type { Statements } from "../statements.ts";
import { current, latest, seriesOf } from "./series-reader.ts";

/** What health hears of beside calls. */
const COUNTERS = [
  names.METRIC_BREAKER_REJECTIONS,
  names.METRIC_RATE_LIMIT_REJECTIONS,
  names.METRIC_BUDGET_REJECTIONS,
  names.METRIC_TOKEN_BUDGET_REJECTIONS,
  names.METRIC_QUEUE_REJECTIONS,
  names.METRIC_FALLBACKS,
  names.METRIC_QUARANTINED_READS,
];

/** Metrics of the programs as those of one process are read: counters of all that ever reported, states of those that still do. */
export function receivedMetrics(statements: Statements, nowMs: number): readonly SourceInstrument[] {
  const counters = COUNTERS.map((name): SourceInstrument => {
    const points = seriesOf(statements, name).map(pointOf);
    return { name, kind: "counter", whole: true, unit: "1", description: "", points };
  });
  const states = latest(current(seriesOf(statements, names.METRIC_BREAKER_STATE), nowMs)).map(pointOf);
  return [
    ...counters,
    {
      name: names.METRIC_BREAKER_STATE,
      kind: "gauge",
      whole: true,
      unit: "1",
      description: "",
      points: states,
    },
  ];
}

function pointOf({ attributes, value }: { readonly attributes: object; readonly value: number }) {
  return { attributes: attributes as Attributes, value };
}
