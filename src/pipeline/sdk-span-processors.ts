import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { agentSpanProcessor } from "./agent-span-processor.ts";
import type { BatchConfig } from "./environment/batch-config.ts";
import type { PipelineConfig } from "./environment/pipeline-config.ts";
import { spanExporterFrom } from "./exporters.ts";
import { guardedProcessor } from "./sdk-guarded-processor.ts";
import type { StartOptions } from "./sdk-options.ts";
import { reportedSpanExporter } from "./sdk-reported-exporter.ts";
import { traceFileExporter } from "./trace-file-exporter.ts";

/** Ours first, so that the user's processors and all exporters find agent and cost on the span. */
export function pipelineSpanProcessors(config: PipelineConfig, options: StartOptions): SpanProcessor[] {
  return [
    agentSpanProcessor(),
    ...(options.spanProcessors ?? []).map(guardedProcessor),
    ...exportingProcessors(config, options),
    ...(config.traceFile === undefined ? [] : [traceFileProcessor(config.traceFile, config.batch)]),
  ];
}

function exportingProcessors(config: PipelineConfig, options: StartOptions): SpanProcessor[] {
  if (options.traceExporter !== undefined) {
    const name = options.traceExporter.constructor.name;
    return [batched(reportedSpanExporter(options.traceExporter, name), config.batch)];
  }
  return config.traceExporters.map((each) => {
    const exporter = spanExporterFrom(each, options.headers);
    return each.kind === "console" ? new SimpleSpanProcessor({ exporter }) : batched(exporter, config.batch);
  });
}

/** The file's exporter reports its failures itself. */
function traceFileProcessor(path: string, batch: BatchConfig): SpanProcessor {
  return batched(reportedSpanExporter(traceFileExporter(path), undefined), batch);
}

function batched(exporter: SpanExporter, batch: BatchConfig): SpanProcessor {
  const processor = new BatchSpanProcessor({ exporter, ...batch });
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
