import { type HrTime, ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import type { HistogramCell } from "../telemetry/call-metrics/cells.ts";
import type { Instrument } from "../telemetry/call-metrics/instrument.ts";

/** When, and since when. */
export interface Collected {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly delta: boolean;
}

/** One metric as the SDK's exporters take it. */
export function metricData(instrument: Instrument, { startTime, endTime, delta }: Collected): MetricData {
  const { name, unit, description } = instrument;
  const descriptor = {
    name,
    unit,
    description,
    valueType: instrument.whole ? ValueType.INT : ValueType.DOUBLE,
  };
  const aggregationTemporality = delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
  if (instrument.kind !== "histogram") {
    const dataPoints = instrument.points.map((point) => ({ ...point, startTime, endTime }));
    return instrument.kind === "gauge"
      ? { descriptor, aggregationTemporality, dataPointType: DataPointType.GAUGE, dataPoints }
      : {
          descriptor,
          aggregationTemporality,
          dataPointType: DataPointType.SUM,
          isMonotonic: true,
          dataPoints,
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
