import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtoMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { ConsoleMetricExporter, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { ConsoleSpanExporter, type SpanExporter } from "@opentelemetry/sdk-trace";
import {
  type DurableSpanExporter,
  durableSpanExporter,
} from "./durable-span-exporter/durable-span-exporter.ts";
import { httpSender } from "./durable-span-exporter/send/http-sender.ts";
import type { ExporterConfig, OtlpConfig } from "./environment/exporter-config.ts";
import { hideSecrets } from "./environment/otlp-endpoint.ts";
import { readOtlpCertificates, readOtlpHeaders } from "./environment/otlp-secrets.ts";
import type { PipelineConfig } from "./environment/pipeline-config.ts";
import { metricExporter } from "./metric-exporter.ts";
import { reportedMetricExporter, reportedSpanExporter, warnNotReached } from "./sdk-reported-exporter.ts";

export type Headers = Readonly<Record<string, string>> | undefined;

/** The exporter for one entry of OTEL_TRACES_EXPORTER that is not spooled. Failures are reported once and never thrown. */
export function spanExporterFrom(config: ExporterConfig, headers: Headers): SpanExporter {
  if (config.kind === "console") return new ConsoleSpanExporter();
  return reportedSpanExporter(new JsonTraceExporter(otlpOptions(config, headers)), target(config));
}

/**
 * The exporter for the entry that is spooled: protobuf over HTTP.
 *
 * @throws Error on a directory that is a mistake.
 */
export function spooledExporterFrom(
  config: OtlpConfig,
  { spool, batch }: PipelineConfig,
  headers: Headers,
): DurableSpanExporter {
  const { url, urls, timeoutMillis, compression } = config;
  return durableSpanExporter({
    ...spool,
    ...(urls === undefined ? { url } : { urls }),
    timeoutMs: timeoutMillis,
    headers: { ...readOtlpHeaders(process.env, "traces"), ...headers },
    certificates: readOtlpCertificates(process.env, "traces"),
    batchSize: batch.maxExportBatchSize,
    batchDelayMs: batch.handOverDelayMillis,
    ...(compression && { compression }),
  });
}

/** The exporter for one entry of OTEL_METRICS_EXPORTER. It reads the temporality preference itself. */
export function metricExporterFrom(config: ExporterConfig, headers: Headers): PushMetricExporter {
  if (config.kind === "console") return new ConsoleMetricExporter();
  const options = otlpOptions(config, headers);
  if (config.protocol === "http/json")
    return reportedMetricExporter(new JsonMetricExporter(options), target(config));
  const sender = httpSender({
    url: config.url,
    timeoutMs: config.timeoutMillis,
    headers: { ...readOtlpHeaders(process.env, "metrics"), ...headers },
    certificates: readOtlpCertificates(process.env, "metrics"),
  });
  return metricExporter({
    sender,
    gzip: config.compression === "gzip",
    selects: new ProtoMetricExporter(options),
    failed: (error) => warnNotReached("metrics", target(config), error),
  });
}

function otlpOptions(config: OtlpConfig, headers: Headers) {
  const { url, timeoutMillis } = config;
  return { url, timeoutMillis, ...(headers !== undefined && { headers: { ...headers } }) };
}

function target(config: OtlpConfig): string {
  return hideSecrets(config.url);
}
