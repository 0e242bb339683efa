import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { systemAfter } from "../internal/timers.ts";
import { warnOnce } from "../internal/warn-once.ts";

/** As many spans as the stock batch processor keeps, in batches of the default size. */
const MOST_BATCHES = 4;

/**
 * Takes batches at once and exports them one after another: while the stock batch processor waits for an answer, its timer
 * keeps the process alive, half a minute for each batch of an exporter that never answers.
 *
 * @param exporter Answers each export, once at least, or is given up after `timeoutMs`.
 */
export function unheldExporter(exporter: SpanExporter, name: string, timeoutMs: number): SpanExporter {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    export(spans, done) {
      done({ code: ExportResultCode.SUCCESS });
      if (waiting >= MOST_BATCHES) {
        warnOnce(`busy:${name}`, `${name} does not keep up: spans are lost. Said once.`);
        return;
      }
      waiting++;
      last = last.then(() => exported(exporter, spans, timeoutMs)).finally(() => waiting--);
    },
    async forceFlush() {
      await last;
      await exporter.forceFlush?.();
    },
    async shutdown() {
      await last;
      await exporter.shutdown();
    },
  };
}

function exported(exporter: SpanExporter, spans: ReadableSpan[], timeoutMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const forget = systemAfter(timeoutMs, resolve, false);
  exporter.export(spans, (_result: ExportResult) => {
    forget();
    resolve();
  });
  return promise;
}
