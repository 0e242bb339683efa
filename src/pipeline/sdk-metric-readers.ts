import { type IMetricReader, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { agentMetrics } from "./agent-metrics.ts";
import type { DurableSpanExporter } from "./durable-span-exporter/durable-span-exporter.ts";
import { spoolMetrics } from "./durable-span-exporter/spool-metrics.ts";
import type { ExporterConfig } from "./environment/exporter-config.ts";
import type { PipelineConfig } from "./environment/pipeline-config.ts";
import { metricExporterFrom } from "./exporters.ts";
import type { StartOptions } from "./sdk-options.ts";

/**
 * One reader per exporter, each with a producer of its own, since a delta producer remembers what it has given out.
 * NodeSDK's readers from the environment take no producer, so they are made here.
 */
export function pipelineMetricReaders(
  config: PipelineConfig,
  options: StartOptions,
  spooled: DurableSpanExporter | undefined,
): IMetricReader[] {
  if (options.metricReaders !== undefined) return [...options.metricReaders];
  return config.metricExporters.map((each) => {
    const temporality = temporalityOf(each);
    return new PeriodicExportingMetricReader({
      exporter: metricExporterFrom(each, options.headers),
      ...config.metricReader,
      metricProducers: [
        agentMetrics({ temporality, semconv: config.semconv }),
        ...(spooled === undefined ? [] : [spoolMetrics(spooled, temporality === "delta")]),
      ],
    });
  });
}

/** Agent metrics are counters and histograms, which are delta under `lowmemory` too. */
function temporalityOf(config: ExporterConfig): "cumulative" | "delta" {
  return config.kind === "otlp" && config.temporality !== "cumulative" ? "delta" : "cumulative";
}
