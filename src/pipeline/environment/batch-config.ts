import { type Environment, readWholeNumber } from "./variables.ts";

/** How finished spans wait for their export. Times in milliseconds, sizes in spans. */
export interface BatchConfig {
  /** @default 5_000 */
  readonly scheduledDelayMillis: number;
  /** The same where spans wait on disk or are never dropped: sooner, as they are not safe before. @default 1_000 */
  readonly handOverDelayMillis: number;
  /** @default 30_000 */
  readonly exportTimeoutMillis: number;
  /** Spans beyond it are dropped. @default 2_048 */
  readonly maxQueueSize: number;
  /** @default 512, or the queue's size where that is smaller */
  readonly maxExportBatchSize: number;
}

/** @throws RangeError on a number out of range, and on a batch that is larger than the queue. */
export function readBatch(env: Environment): BatchConfig {
  const maxQueueSize = readWholeNumber(env, "OTEL_BSP_MAX_QUEUE_SIZE", 1) ?? 2_048;
  const batchSize = readWholeNumber(env, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1);
  if (batchSize !== undefined && batchSize > maxQueueSize) {
    throw new RangeError(
      `OTEL_BSP_MAX_EXPORT_BATCH_SIZE must not exceed OTEL_BSP_MAX_QUEUE_SIZE (${maxQueueSize}), got "${batchSize}"`,
    );
  }
  const delay = readWholeNumber(env, "OTEL_BSP_SCHEDULE_DELAY", 0);
  return {
    scheduledDelayMillis: delay ?? 5_000,
    handOverDelayMillis: delay ?? 1_000,
    exportTimeoutMillis: readWholeNumber(env, "OTEL_BSP_EXPORT_TIMEOUT", 1) ?? 30_000,
    maxQueueSize,
    maxExportBatchSize: batchSize ?? Math.min(512, maxQueueSize),
  };
}

/** How often metrics are collected and sent, in milliseconds. */
export interface MetricReaderConfig {
  /** @default 60_000 */
  readonly exportIntervalMillis: number;
  /** Never longer than the interval, which the SDK does not allow. @default 30_000 */
  readonly exportTimeoutMillis: number;
}

/**
 * A time-out above the interval is cut to it, as NodeSDK does: other languages' SDKs accept the pair.
 *
 * @throws RangeError on a number out of range.
 */
export function readMetricReader(env: Environment): MetricReaderConfig {
  const exportIntervalMillis = readWholeNumber(env, "OTEL_METRIC_EXPORT_INTERVAL", 1) ?? 60_000;
  const timeout = readWholeNumber(env, "OTEL_METRIC_EXPORT_TIMEOUT", 1) ?? 30_000;
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(timeout, exportIntervalMillis) };
}
