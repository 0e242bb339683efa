import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtoMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { ConsoleMetricExporter, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { ConsoleSpanExporter, type SpanExporter } from "@opentelemetry/sdk-trace";
import type { ExporterConfig, OtlpConfig } from "./environment/exporter-config.ts";
import { hideSecrets } from "./environment/otlp-endpoint.ts";
import { reportedMetricExporter, reportedSpanExporter } from "./sdk-reported-exporter.ts";

export type Headers = Readonly<Record<string, string>> | undefined;

/** The exporter for one entry of OTEL_TRACES_EXPORTER. Failures are reported once and never thrown. */
export function spanExporterFrom(config: ExporterConfig, headers: Headers): SpanExporter {
  if (config.kind === "console") return new ConsoleSpanExporter();
  const Exporter = config.protocol === "http/json" ? JsonTraceExporter : ProtoTraceExporter;
  return reportedSpanExporter(new Exporter(otlpOptions(config, headers)), target(config));
}

/** The exporter for one entry of OTEL_METRICS_EXPORTER. It reads the temporality preference itself. */
export function metricExporterFrom(config: ExporterConfig, headers: Headers): PushMetricExporter {
  if (config.kind === "console") return new ConsoleMetricExporter();
  const Exporter = config.protocol === "http/json" ? JsonMetricExporter : ProtoMetricExporter;
  return reportedMetricExporter(new Exporter(otlpOptions(config, headers)), target(config));
}

function otlpOptions(config: OtlpConfig, headers: Headers) {
  const { url, timeoutMillis } = config;
  return { url, timeoutMillis, ...(headers !== undefined && { headers: { ...headers } }) };
}

function target(config: OtlpConfig): string {
  return hideSecrets(config.url);
}
