import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";

/**
 * How one sends to several endpoints at first: one batch after the other to each in turn. There is no queue: what the one whose
 * turn it is does not take is gone, and the spans of a trace are at all of them.
 */
export function roundRobinExporter(urls: readonly string[]): SpanExporter {
  const exporters = urls.map((url) => new OTLPTraceExporter({ url, timeoutMillis: 1_000 }));
  let turn = 0;
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
      const exporter = exporters[turn++ % exporters.length];
      if (exporter === undefined) done({ code: ExportResultCode.FAILED });
      else exporter.export(spans, done);
    },
    async shutdown() {
      await Promise.all(exporters.map((each) => each.shutdown()));
    },
  };
}
