// Ends 100,000 spans in one tick, and says nothing: the receiver counts. Arguments: the way, the receiver's URL.
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { durableSpanExporter } from "../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import { BURST } from "./span-burst.ts";

const [way, url = ""] = process.argv.slice(2);
let next = 1;
const provider = new TracerProvider({
  spanProcessors: [
    way === "stock"
      ? new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })
      : durableSpanExporter({ url }).processor,
  ],
  idGenerator: {
    generateTraceId: () => next.toString(16).padStart(32, "0"),
    generateSpanId: () => (next++).toString(16).padStart(16, "0"),
  },
});
const tracer = provider.getTracer("burst");
for (let i = 0; i < BURST; i++) tracer.startSpan("work").end();
await provider.forceFlush().catch(() => {});
await provider.shutdown().catch(() => {});
process.send?.("done");
process.disconnect?.();
