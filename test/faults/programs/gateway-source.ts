// Exports traces to several endpoints at a steady pace, and notes in a file which spans the exporter has accepted. Its one argument:
// GatewaySourceOptions as JSON.
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { context, trace } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { type ReadableSpan, type Span, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { durableSpanExporter } from "../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import type { SpoolSnapshot } from "../../../src/telemetry/spool/spool-snapshot.ts";
import { roundRobinExporter } from "../../naive/gateways-round-robin.ts";

export interface GatewaySourceOptions {
  readonly urls: readonly string[];
  readonly exporter: "durable" | "naive";
  readonly directory: string;
  /** File that gets the numbers of accepted spans, 8 bytes each. */
  readonly acks: string;
  readonly failoverAfterMs: number;
  /** Number of the first trace, from 0. */
  readonly first: number;
  readonly traces: number;
  readonly perSecond: number;
}

export interface GatewaySourceReport {
  /** Traces that have begun. */
  readonly made: number;
  /** Of the durable exporter. */
  readonly counts?: SpoolSnapshot;
}

export const SPANS_PER_TRACE = 3;
/** Of a service, so that each fits into one page of Jaeger. */
export const TRACES_PER_SERVICE = 1_000;
/** A root ends so many traces after its children: traces lie across batches. */
const OPEN = 100;
const BATCH = 128;

export function serviceOf(number: number): string {
  return `gateways-${Math.floor(number / TRACES_PER_SERVICE)}`;
}

/** Whether this is the program, and not somebody who wants to know its shapes. */
const text = process.argv[2];
if (text !== undefined && import.meta.filename === process.argv[1]) await run(JSON.parse(text));

async function run(options: GatewaySourceOptions): Promise<void> {
  const { urls, directory, failoverAfterMs, first, traces } = options;
  const durable =
    options.exporter === "durable"
      ? durableSpanExporter({ urls, directory, failoverAfterMs, minFreeBytes: 0 })
      : undefined;
  const exporter = durable ?? roundRobinExporter(urls);
  let made = 0;
  process.on("message", () => process.send?.({ made, ...(durable && { counts: durable.counts }) }));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");

  let ended: ReadableSpan[] = [];
  const providers = new Map<string, TracerProvider>();
  let nextTrace = 0;
  let nextSpan = 0;
  const idGenerator = {
    generateTraceId: () => createHash("md5").update(String(nextTrace)).digest("hex"),
    generateSpanId: () => (++nextSpan).toString(16).padStart(16, "0"),
  };
  const keeper = {
    onStart: () => {},
    onEnd: (span: ReadableSpan) => void ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracerFor = (number: number) => {
    const service = serviceOf(number);
    const resource = resourceFromAttributes({ "service.name": service });
    const provider =
      providers.get(service) ?? new TracerProvider({ resource, spanProcessors: [keeper], idGenerator });
    providers.set(service, provider);
    return provider.getTracer("gateways");
  };
  const open: Span[] = [];
  const begin = (number: number): void => {
    nextTrace = number;
    nextSpan = number * SPANS_PER_TRACE;
    const root = tracerFor(number).startSpan("root") as Span;
    const inside = trace.setSpan(context.active(), root);
    for (let i = 1; i < SPANS_PER_TRACE; i++) tracerFor(number).startSpan("step", {}, inside).end();
    open.push(root);
  };
  const startMs = performance.now();
  while (made < traces) {
    const due = Math.min(traces, Math.ceil(((performance.now() - startMs) / 1_000) * options.perSecond));
    while (made < due) {
      begin(first + made++);
      if (open.length > OPEN) open.shift()?.end();
    }
    if (made === traces) for (const root of open) root.end();
    const batch = ended;
    ended = [];
    for (let i = 0; i < batch.length; i += BATCH)
      await handOver(exporter, batch.slice(i, i + BATCH), options.acks);
    await setTimeout(10);
  }
  process.send?.("made");
}

async function handOver(exporter: SpanExporter, spans: ReadableSpan[], acks: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  exporter.export(spans, ({ code }) => resolve(code === ExportResultCode.SUCCESS));
  // The naive one says so too: its user has no other place for spans that were not sent.
  await promise;
  const numbers = spans.map((span) => BigInt(`0x${span.spanContext().spanId}`));
  appendFileSync(acks, new Uint8Array(new BigUint64Array(numbers).buffer));
}
