import * as collector from "../metrics/collector.ts";
import { LABEL_APP } from "../metrics/derived.ts";
import { either, sumBy } from "./promql.ts";

/** More of what the collector (0.155) says of itself. */
export const STREAMS = "otelcol_deltatocumulative_streams_tracked";
export const STREAMS_LIMIT = "otelcol_deltatocumulative_streams_limit";
/** With `error` those that were dropped. */
export const POINTS = "otelcol_deltatocumulative_datapoints";
export const REFUSED_SPANS = "otelcol_receiver_refused_spans";
export const FAILED_INSIDE_SPANS = "otelcol_receiver_failed_spans";
export const REFUSED_POINTS = "otelcol_receiver_refused_metric_points";

const PIPELINE = `${LABEL_APP}=~"collector|gateway|jaeger"`;
const BY_EXPORTER = [LABEL_APP, collector.LABEL_EXPORTER, collector.LABEL_DATA_TYPE];

/** Rate a minute of a counter, by `collector`, `gateway` and `jaeger`. */
export const pipelineRate = (counter: string, range: string): string =>
  `60 * ${sumBy(
    [LABEL_APP],
    both(counter, (series) => `rate(${series}[${range}])`),
  )}`;

export const pipelineCount = (counter: string, range: string): string =>
  sumBy(
    [],
    both(counter, (series) => `increase(${series}[${range}])`),
  );

/** Jaeger is a collector too, whose counters end in `_total`; those of collector/config.yaml do not. */
const both = (counter: string, of: (series: string) => string): string =>
  either(of(`${counter}{${PIPELINE}}`), of(`${counter}_total{${PIPELINE}}`));

/** Requests that wait. */
export const queued = sumBy(BY_EXPORTER, collector.QUEUE_SIZE);
/** Of what an exporter may keep, how much waits. */
export const queueShare = `${queued} / (${sumBy(BY_EXPORTER, collector.QUEUE_CAPACITY)} > 0)`;
