import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { agentSpanProcessor } from "./agent-span-processor.ts";
import type { DurableSpanExporter } from "./durable-span-exporter/durable-span-exporter.ts";
import type { BatchConfig } from "./environment/batch-config.ts";
import { isSpooled, type PipelineConfig } from "./environment/pipeline-config.ts";
import { spanExporterFrom, spooledExporterFrom } from "./exporters.ts";
import { remoteLinkProcessor } from "./propagation/remote-link.ts";
import { guardedProcessor } from "./sdk-guarded-processor.ts";
import type { StartOptions } from "./sdk-options.ts";
import { reportedSpanExporter } from "./sdk-reported-exporter.ts";
import { semconvProcessor } from "./semconv/semconv-processor.ts";
import { traceFileExporter } from "./trace-file-exporter.ts";
import { unheldExporter } from "./unheld-exporter.ts";

/** Where finished spans go. */
export interface SpanPipeline {
  readonly processors: SpanProcessor[];
  /** The exporter that keeps spans until they are delivered, where there is one. */
  readonly spooled: DurableSpanExporter | undefined;
  /** What hands spans to it. */
  readonly spooling: SpanProcessor | undefined;
}

/** Ours first, so that the user's processors and all exporters find agent and cost on the span. */
export function spanPipeline(config: PipelineConfig, options: StartOptions): SpanPipeline {
  const otlp = config.traceExporters.find(isSpooled);
  const spooled = otlp && spooledExporterFrom(otlp, config, options.headers);
  const exporting = (processor: SpanProcessor) => semconvProcessor(config.semconv, processor);
  const spooling = spooled && exporting(spooled.processor);
  const processors = [
    remoteLinkProcessor(),
    agentSpanProcessor(),
    ...(options.spanProcessors ?? []).map(guardedProcessor),
    ...(spooling === undefined ? [] : [spooling]),
    ...otherProcessors(config, options).map(exporting),
    ...(config.traceFile === undefined
      ? []
      : [exporting(traceFileProcessor(config.traceFile, config.batch))]),
  ];
  return { processors, spooled, spooling };
}

function otherProcessors(config: PipelineConfig, options: StartOptions): SpanProcessor[] {
  if (options.traceExporter !== undefined) {
    const name = options.traceExporter.constructor.name;
    const exporter = reportedSpanExporter(options.traceExporter, name);
    return [batched(unheldExporter(exporter, name, config.batch.exportTimeoutMillis), config.batch)];
  }
  const others = config.traceExporters.filter((each) => !isSpooled(each));
  return others.map((each) => {
    const exporter = spanExporterFrom(each, options.headers);
    return each.kind === "console" ? new SimpleSpanProcessor({ exporter }) : batched(exporter, config.batch);
  });
}

/** The file's exporter reports its failures itself. */
function traceFileProcessor(path: string, batch: BatchConfig): SpanProcessor {
  return batched(reportedSpanExporter(traceFileExporter(path), undefined), batch);
}

function batched(exporter: SpanExporter, batch: BatchConfig): SpanProcessor {
  const { handOverDelayMillis: _, ...sizes } = batch;
  const processor = new BatchSpanProcessor({ exporter, ...sizes });
  return {
    onStart: () => {},
    onEnd: (span) => processor.onEnd(span),
    // The processor's own flush does not wait for the batch that is on its way.
    forceFlush: async () => {
      await processor.forceFlush();
      await exporter.forceFlush?.();
    },
    shutdown: () => processor.shutdown(),
  };
}
