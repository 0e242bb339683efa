import { type HrTime, ValueType } from "@opentelemetry/api";
import { hrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import { callLog } from "../agent/call-log.ts";
import { VERSION } from "../internal/version.ts";
import { CallMetrics } from "../telemetry/call-metrics/call-metrics.ts";
import type { HistogramCell } from "../telemetry/call-metrics/cells.ts";
import type { Instrument } from "../telemetry/call-metrics/instrument.ts";
import { SCOPE_NAME } from "../telemetry/semconv.ts";

/** Options of {@link agentMetrics}. */
export interface AgentMetricsOptions {
  /** What the exporter wants: totals since the start, or what happened since it last asked. @default "cumulative" */
  readonly temporality?: "cumulative" | "delta";
}

/**
 * The metrics of all agent, model and tool calls of this process, for a metric reader of your own SDK:
 * `new PeriodicExportingMetricReader({ exporter, metricProducers: [agentMetrics()] })`. `start()` has it built in.
 *
 * Counts from the moment it is made, exactly, whatever the sampler drops. Give each reader one of its own.
 */
export function agentMetrics(options: AgentMetricsOptions = {}): MetricProducer {
  const metrics = new CallMetrics();
  callLog.subscribe((record) => metrics.record(record));
  const delta = options.temporality === "delta";
  let startTime = hrTime();
  return {
    collect(): Promise<CollectionResult> {
      const span = { startTime, endTime: hrTime(), delta };
      const data = metrics.collect().map((instrument) => metricData(instrument, span));
      if (delta) {
        metrics.reset();
        startTime = span.endTime;
      }
      const scopeMetrics =
        data.length === 0 ? [] : [{ scope: { name: SCOPE_NAME, version: VERSION }, metrics: data }];
      return Promise.resolve({ resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] });
    },
  };
}

interface Collected {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly delta: boolean;
}

function metricData(instrument: Instrument, { startTime, endTime, delta }: Collected): MetricData {
  const { name, unit, description } = instrument;
  const descriptor = {
    name,
    unit,
    description,
    valueType: instrument.whole ? ValueType.INT : ValueType.DOUBLE,
  };
  const aggregationTemporality = delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
  if (instrument.kind === "counter") {
    return {
      descriptor,
      aggregationTemporality,
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      dataPoints: instrument.points.map(({ attributes, value }) => ({
        attributes,
        value,
        startTime,
        endTime,
      })),
    };
  }
  return {
    descriptor,
    aggregationTemporality,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: instrument.points.map(({ attributes, cell }) => ({
      attributes,
      value: histogramOf(cell),
      startTime,
      endTime,
    })),
  };
}

/** A copy: the cell goes on counting while the exporter still encodes. */
function histogramOf({ boundaries, counts, count, sum, min, max }: HistogramCell): Histogram {
  return { buckets: { boundaries: [...boundaries], counts: [...counts] }, count, sum, min, max };
}
