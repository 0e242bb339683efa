import { fileURLToPath } from "node:url";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import {
  type DurableSpanExporter,
  durableSpanExporter,
} from "../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import type { DurableSpanExporterOptions } from "../../../src/pipeline/durable-span-exporter/options.ts";
import { spanIds } from "../../faults/programs/span-ids.ts";
import { refusingUrl } from "../fixtures/otlp-sink.ts";
import { type SpanSink, spanSink } from "./span-sink.ts";

const exporters: DurableSpanExporter[] = [];
afterEach(() => Promise.all(exporters.splice(0).map((each) => each.stop(0))));

function exporterTo(url: string, options: Partial<DurableSpanExporterOptions> = {}): DurableSpanExporter {
  const exporter = durableSpanExporter({ url: `${url}/v1/traces`, ...options });
  exporters.push(exporter);
  return exporter;
}

/** Ends `count` spans, which go to `exporter` by its own batches. */
function endSpans(exporter: DurableSpanExporter, count: number, attributes = {}): void {
  const tracer = new TracerProvider({ spanProcessors: [exporter.processor] }).getTracer("test");
  for (let i = 0; i < count; i++) tracer.startSpan("work", { attributes }).end();
}

function received(sink: SpanSink): number {
  return sink.bodies.reduce((count, body) => count + [...spanIds(body)].length, 0);
}

/** Spans as a batch processor of somebody else hands them on. */
function endedSpans(count: number): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const keeper = {
    onStart: () => {},
    onEnd: (span: ReadableSpan) => void ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracer = new TracerProvider({ spanProcessors: [keeper] }).getTracer("test");
  for (let i = 0; i < count; i++) tracer.startSpan("work").end();
  return ended;
}

const exported = (exporter: DurableSpanExporter, spans: ReadableSpan[]): Promise<ExportResult> =>
  new Promise((resolve) => exporter.export(spans, resolve));

describe("the exporter", () => {
  it("delivers what its processor has seen, when it is flushed", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url);
    endSpans(exporter, 1_000);
    await exporter.flush();
    expect(received(sink)).toBe(1_000);
  });

  it("loses nothing of a burst", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url);
    endSpans(exporter, 20_000);
    await exporter.flush(30_000);
    expect(received(sink)).toBe(20_000);
  });

  it("takes the spans of another batch processor", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url);
    expect(await exported(exporter, endedSpans(3))).toEqual({ code: ExportResultCode.SUCCESS });
    await exporter.flush();
    expect(received(sink)).toBe(3);
  });

  it("compresses where it is told to", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url, { compression: "gzip" });
    endSpans(exporter, 10);
    await exporter.flush();
    expect(received(sink)).toBe(10);
  });

  it("sends very large spans in several requests", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url);
    endSpans(exporter, 20, { text: "x".repeat(2 ** 20) });
    await exporter.flush();
    expect(sink.bodies.length).toBeGreaterThan(1);
    expect(received(sink)).toBe(20);
  });

  it("leaves out the one span that cannot be encoded, and counts it", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url);
    const spans = endedSpans(9);
    Object.defineProperty(spans[4], "name", {
      get() {
        throw new Error("hostile");
      },
    });
    await exported(exporter, spans);
    await exporter.flush();
    expect(received(sink)).toBe(8);
    expect(exporter.counts.dropped).toEqual({ encode_failed: 1 });
  });

  it("knows where each span is while the receiver is away", async () => {
    const exporter = exporterTo(await refusingUrl());
    endSpans(exporter, 600);
    await exporter.flush();
    endSpans(exporter, 7);
    expect(exporter.counts).toMatchObject({ created: 607, inSpool: 600, inMemory: 7, delivered: 0 });
  });

  it("ends a flush after one attempt where the receiver is away", async () => {
    const exporter = exporterTo(await refusingUrl());
    endSpans(exporter, 1);
    const startMs = performance.now();
    await exporter.flush(20_000);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  it("fails what comes after its shutdown, and counts it", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url);
    await exporter.shutdown();
    expect(await exported(exporter, endedSpans(2))).toMatchObject({ code: ExportResultCode.FAILED });
    expect(exporter.counts.dropped).toEqual({ shutdown: 2 });
  });

  it("shuts down once", async () => {
    const exporter = exporterTo(await refusingUrl());
    expect(exporter.shutdown()).toBe(exporter.shutdown());
    await exporter.shutdown();
  });
});

describe("a bad option", () => {
  it.each<[string, Partial<DurableSpanExporterOptions>, string]>([
    ["url", { url: "ftp://host" }, 'url must be an http:// or https:// URL, got "ftp://host"'],
    ["a url with a password", { url: "ftp://me:secret@host" }, 'got "ftp://***@host"'],
    ["directory", { directory: " " }, 'directory must be a path, got " "'],
    [
      "durability",
      { durability: "always" as never },
      'durability must be one of none, interval, fsync, got "always"',
    ],
    ["maxBytes", { maxBytes: 5 }, "maxBytes must be a whole number >= 1048576, got 5"],
    ["maxInFlight", { maxInFlight: 0 }, "maxInFlight must be a whole number from 1 to 256, got 0"],
    ["batchSize", { batchSize: 1.5 }, "batchSize must be a whole number from 1 to 65536, got 1.5"],
    ["timeoutMs", { timeoutMs: Number.NaN }, "timeoutMs must be a whole number >= 1, got NaN"],
  ])("%s is an error that names it and its value", (_, options, message) => {
    expect(() => durableSpanExporter({ url: "http://localhost:4318/v1/traces", ...options })).toThrow(
      message,
    );
  });
});

describe("a directory", () => {
  it("that is a file is an error at once", () => {
    const directory = fileURLToPath(import.meta.url);
    expect(() => exporterTo("http://127.0.0.1:9", { directory })).toThrow("there is a file");
  });

  it.skipIf(process.platform !== "linux")("that cannot be made now leaves the spans in memory", async () => {
    await using sink = await spanSink();
    const exporter = exporterTo(sink.url, { directory: "/proc/agent-otel-spool" });
    endSpans(exporter, 3);
    await exporter.flush();
    expect(received(sink)).toBe(3);
  });
});
