// Exports spans in one way, in a process of its own, to a receiver in another. Arguments: the way, the receiver's URL, and for
// the spool a directory.
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { durableSpanExporter } from "../src/pipeline/durable-span-exporter/durable-span-exporter.ts";

export type Way = "stock" | "memory" | "spool";

/** What this process sends. */
export interface ExportResult {
  /** Of the whole process, all threads; the spans were made before. */
  readonly cpuNsPerSpan: number;
}

const BATCH = 512;
const WARM_UP = 150;
const ROUNDS = 300;

const [way, url = "", directory = ""] = process.argv.slice(2) as [Way, string, string];
const processor = processorOf(way);
const spans = endedSpans();

for (let i = 0; i < WARM_UP; i++) await exportBatch();
const before = process.cpuUsage();
for (let i = 0; i < ROUNDS; i++) await exportBatch();
const { user, system } = process.cpuUsage(before);
const result: ExportResult = { cpuNsPerSpan: ((user + system) * 1_000) / (ROUNDS * BATCH) };
await processor.shutdown();
process.send?.(result);
process.disconnect?.();

async function exportBatch(): Promise<void> {
  for (const span of spans) processor.onEnd(span);
  await processor.forceFlush();
}

function processorOf(way: Way): SpanProcessor {
  if (way === "stock") return new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) });
  return durableSpanExporter(way === "memory" ? { url } : { url, directory, minFreeBytes: 0 }).processor;
}

/** Of the shape that a model call has. */
function endedSpans(): readonly ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const keeper: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => void ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const resource = resourceFromAttributes({ "service.name": "bench" });
  const tracer = new TracerProvider({ resource, spanProcessors: [keeper] }).getTracer("bench");
  for (let i = 0; i < BATCH; i++) {
    const span = tracer.startSpan("chat gpt-4o-mini");
    span.setAttributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
      "gen_ai.response.id": `chatcmpl-${i}`,
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 1_000 + i,
      "gen_ai.usage.output_tokens": i,
      "gen_ai.usage.cost.amount": i / 1e7,
      "gen_ai.agent.name": "writer",
      "server.address": "api.openai.com",
      "server.port": 443,
    });
    span.end();
  }
  return ended;
}
