import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { redactMessage } from "../internal/redact.ts";
import { warnOnce } from "../internal/warn-once.ts";

type Done = (result: ExportResult) => void;

/**
 * Reports the first failed export in words, with its target, and then lets the processor think it went well: told of
 * the failure, the SDK prints a stack trace per batch and makes flush() reject.
 *
 * @param target Shown in the warning: a URL without secrets, or what the exporter is. `undefined`: it reports for itself.
 */
export function reportedSpanExporter(exporter: SpanExporter, target: string | undefined): SpanExporter {
  return {
    export: (spans, done) => attempt("spans", target, done, (report) => exporter.export(spans, report)),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** The same for metrics. Temporality and aggregation stay those of `exporter`. */
export function reportedMetricExporter(exporter: PushMetricExporter, target: string): PushMetricExporter {
  const temporality = exporter.selectAggregationTemporality?.bind(exporter);
  const aggregation = exporter.selectAggregation?.bind(exporter);
  return {
    export: (metrics, done) => attempt("metrics", target, done, (report) => exporter.export(metrics, report)),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    ...(temporality && { selectAggregationTemporality: temporality }),
    ...(aggregation && { selectAggregation: aggregation }),
  };
}

function attempt(what: string, target: string | undefined, done: Done, run: (report: Done) => unknown): void {
  const report = (result: ExportResult) => {
    if (result.code !== ExportResultCode.SUCCESS && target !== undefined)
      warnNotReached(what, target, result.error);
    done({ code: ExportResultCode.SUCCESS });
  };
  // Without an answer the batch processor waits, and its timer keeps the process alive for 30 s.
  const failed = (error: unknown) =>
    report({
      code: ExportResultCode.FAILED,
      error: error instanceof Error ? error : new Error(String(error)),
    });
  try {
    const returned = run(report);
    // An async function fits as well; its rejection would be unhandled and end the process.
    if (returned instanceof Promise) returned.catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** Says once that spans or metrics do not reach `target`, and why. */
export function warnNotReached(what: string, target: string, error: Error | undefined): void {
  const why = reason(error);
  // Spans and metrics that fail at one receiver for one reason are one piece of news.
  const receiver = target.replace(/\/v1\/\w+.*$/, "");
  warnOnce(
    `export:${receiver}:${why}`,
    `${what} do not reach ${target} (${why}) and are dropped until they do. Said once.`,
  );
}

/** localhost refused on both IPv4 and IPv6 is an AggregateError without a message, but with a code. */
function reason(error: Error | undefined): string {
  if (error === undefined) return "no reason given";
  const code = "code" in error && error.code !== undefined ? String(error.code) : error.name;
  return redactMessage(error.message === "" ? code : error.message);
}
