// Exports spans until it is killed, and notes in a file which of them the exporter has accepted. Arguments: URL, directory, file,
// number of the first span.
import { appendFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { ExportResultCode } from "@opentelemetry/core";
import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { durableSpanExporter } from "../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";

const [url = "", directory = "", file = "", first = "1"] = process.argv.slice(2);
let next = Number(first);
let ended: ReadableSpan[] = [];
const exporter = durableSpanExporter({ url, directory, minFreeBytes: 0 });
const provider = new TracerProvider({
  spanProcessors: [
    {
      onStart: () => {},
      onEnd: (span) => void ended.push(span),
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  ],
  idGenerator: {
    generateTraceId: () => next.toString(16).padStart(32, "0"),
    generateSpanId: () => (next++).toString(16).padStart(16, "0"),
  },
});
const tracer = provider.getTracer("acks");
process.send?.("ready");

while (process.connected) {
  ended = [];
  for (let i = 0; i < 20; i++) tracer.startSpan("work").end();
  const batch = ended;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  exporter.export(batch, ({ code }) => resolve(code === ExportResultCode.SUCCESS));
  if (await promise) {
    const ids = batch.map((span) => BigInt(`0x${span.spanContext().spanId}`));
    appendFileSync(file, new Uint8Array(new BigUint64Array(ids).buffer));
  }
  await setImmediate();
}
process.exit();
