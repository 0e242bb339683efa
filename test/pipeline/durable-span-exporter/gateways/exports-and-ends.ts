// Exports spans of a mebibyte each to the endpoints that it is given, and has nothing else to do.
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { durableSpanExporter } from "../../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";

const exporter = durableSpanExporter({ urls: process.argv.slice(2), timeoutMs: 30_000, batchSize: 40 });
const tracer = new TracerProvider({ spanProcessors: [exporter.processor] }).getTracer("test");
for (let i = 0; i < 40; i++) tracer.startSpan("work", { attributes: { text: "x".repeat(2 ** 20) } }).end();
