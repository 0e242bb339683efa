import { gzipSync } from "node:zlib";
import { ExportResultCode } from "@opentelemetry/core";
import { ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import type { PushMetricExporter, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { type After, systemAfter } from "../internal/timers.ts";
import type { Outcome, Sender } from "./durable-span-exporter/delivery.ts";
import type { Frame } from "./durable-span-exporter/frame-queue.ts";

/** Requests that wait for the one before them. Those of deltas are no repetition. */
const MOST_WAITING = 4;
/** How long the reader waits for an answer, and holds the process by its timer, in milliseconds. */
const HELD_MS = 500;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

export interface MetricExporterOptions {
  readonly sender: Sender;
  readonly gzip: boolean;
  /** Told why metrics do not arrive, each time. */
  readonly failed: (error: Error) => void;
  /** Whose temporality and aggregation count. */
  readonly selects: PushMetricExporter;
  /** For tests. */
  readonly after?: After;
}

/**
 * Sends metrics as spans are sent: the stock exporter holds the process by its sockets and by the timers of its retries, and its
 * reader by a timer while it waits for an answer, with each interval anew. Here the reader soon has its answer, requests are sent one
 * after another, and what holds nobody up is tried four times.
 */
export function metricExporter(options: MetricExporterOptions): PushMetricExporter {
  const { sender, selects, failed, after = systemAfter } = options;
  const temporality = selects.selectAggregationTemporality?.bind(selects);
  const aggregation = selects.selectAggregation?.bind(selects);
  const abort = new AbortController();
  let hurry = new AbortController();
  let sending: Promise<void> = Promise.resolve();
  let waiting = 0;
  /** A flush waits for one attempt, not for pauses. */
  const hurried = async (): Promise<void> => {
    hurry.abort();
    await sending;
    hurry = new AbortController();
  };
  return {
    export(metrics, done) {
      // Again, where it was answered already, is heard by nobody.
      const answer = (): void => done({ code: ExportResultCode.SUCCESS });
      if (waiting >= MOST_WAITING) {
        // Those on their way tell what is wrong when they end: that metrics are dropped until they arrive.
        answer();
        return;
      }
      waiting++;
      const forget = after(HELD_MS, answer, false);
      const frame = frameOf(metrics, options.gzip);
      sending = sending
        .then(() => send(sender, frame, abort.signal, () => hurry.signal, after))
        .then((outcome) => {
          waiting--;
          if (outcome.kind !== "delivered") failed(new Error(outcome.why));
          forget();
          answer();
        });
    },
    forceFlush: hurried,
    async shutdown() {
      await hurried();
      abort.abort();
      sender.close();
      await selects.shutdown();
    },
    ...(temporality && { selectAggregationTemporality: temporality }),
    ...(aggregation && { selectAggregation: aggregation }),
  };
}

function frameOf(metrics: ResourceMetrics, gzip: boolean): Frame {
  const body = ProtobufMetricsSerializer.serializeRequest(metrics) ?? new Uint8Array();
  return { body: gzip ? gzipSync(body) : body, gzip, spans: 0, createdMs: Date.now() };
}

async function send(
  sender: Sender,
  frame: Frame,
  signal: AbortSignal,
  hurry: () => AbortSignal,
  after: After,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await sender.send(frame, signal);
    if (outcome.kind !== "retry" || attempt === ATTEMPTS || signal.aborted || hurry().aborted) return outcome;
    const pauseMs = outcome.afterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
    await pause(Math.min(pauseMs, LONGEST_PAUSE_MS), hurry(), after);
  }
}

function pause(ms: number, hurry: AbortSignal, after: After): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = after(ms, resolve, false);
  const onHurry = (): void => {
    cancel();
    resolve();
  };
  hurry.addEventListener("abort", onHurry, { once: true });
  return promise.finally(() => hurry.removeEventListener("abort", onHurry));
}
