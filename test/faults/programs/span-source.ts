// A program that makes spans at a steady pace and exports them. Its one argument: SourceOptions as JSON.

import { setTimeout } from "node:timers/promises";
import { SpanKind } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import {
  type DurableSpanExporter,
  durableSpanExporter,
} from "../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import type { SpoolSnapshot } from "../../../src/telemetry/spool/spool-snapshot.ts";

export interface SourceOptions {
  readonly url: string;
  readonly exporter: "durable" | "stock";
  readonly directory?: string;
  readonly total: number;
  readonly perSecond: number;
  /** Number of the first span. */
  readonly first?: number;
}

/** What the process tells when it is asked. Sizes in bytes, after a collection. */
export interface SourceReport {
  readonly made: number;
  readonly counts: SpoolSnapshot | undefined;
  readonly heap: number;
  readonly rss: number;
  /** The largest it was since "mark", without the largest that it was before: what making spans takes is no matter of exporting them. */
  readonly rssDelta: number;
  readonly heapDelta: number;
}

/** Milliseconds that a shutdown may take. */
export const BUDGET_MS = 2_000;

/** What the process tells when it has shut telemetry down. */
export interface Stopped {
  readonly tookMs: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as SourceOptions;
const durable: DurableSpanExporter | undefined =
  options.exporter === "durable"
    ? durableSpanExporter({
        url: options.url,
        ...(options.directory !== undefined && { directory: options.directory, minFreeBytes: 0 }),
      })
    : undefined;
const processor: SpanProcessor =
  durable?.processor ?? new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: options.url }) });
let next = options.first ?? 1;
const provider = new TracerProvider({
  resource: resourceFromAttributes({ "service.name": "source" }),
  spanProcessors: [processor],
  idGenerator: {
    // A hundred to a trace: few enough for a page of Jaeger, and no other id is needed to count them.
    generateTraceId: () =>
      Math.ceil(next / 100)
        .toString(16)
        .padStart(32, "0"),
    generateSpanId: () => (next++).toString(16).padStart(16, "0"),
  },
});
const tracer = provider.getTracer("source");

let made = 0;
function makeSpan(): void {
  made++;
  const span = tracer.startSpan("chat gpt-4o-mini", { kind: SpanKind.CLIENT });
  span.setAttributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "gen_ai.response.id": `chatcmpl-${made}`,
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 1_000 + (made % 777),
    "gen_ai.usage.output_tokens": made % 333,
    "gen_ai.usage.cost.amount": made / 1e7,
    "gen_ai.agent.name": "writer",
    "server.address": "api.openai.com",
    "server.port": 443,
  });
  span.end();
}

const collect = (): void => globalThis.gc?.();
collect();
let before = process.memoryUsage();
let mostRss = before.rss;

process.on("message", async (message) => {
  if (message === "stop") {
    const startMs = performance.now();
    await (durable?.stop(BUDGET_MS) ?? processor.shutdown());
    process.send?.({ tookMs: performance.now() - startMs } satisfies Stopped);
    return;
  }
  collect();
  if (message === "mark") before = { ...process.memoryUsage(), rss: mostRss };
  const { heapUsed: heap, rss } = process.memoryUsage();
  process.send?.({
    made,
    counts: durable?.counts,
    heap,
    rss,
    rssDelta: mostRss - before.rss,
    heapDelta: heap - before.heapUsed,
  } satisfies SourceReport);
});
process.on("disconnect", () => process.exit());

const startMs = performance.now();
while (made < options.total) {
  const due = Math.min(options.total, Math.ceil(((performance.now() - startMs) / 1_000) * options.perSecond));
  while (made < due) makeSpan();
  mostRss = Math.max(mostRss, process.memoryUsage.rss());
  await setTimeout(5);
}
process.send?.("made");
