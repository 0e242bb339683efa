import { once } from "node:events";
import { createServer } from "node:net";
import { diag } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type DurableSpanExporter,
  durableSpanExporter,
} from "../../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import { spanIds } from "../../../faults/programs/span-ids.ts";
import { refusingUrl } from "../../fixtures/otlp-sink.ts";
import { scratch } from "../disk/spool.ts";
import { type SpanSink, spanSink } from "../span-sink.ts";

const exporters: DurableSpanExporter[] = [];
afterEach(() => Promise.all(exporters.splice(0).map((each) => each.stop(0))));

function exporterTo(bases: readonly string[], options = {}): DurableSpanExporter {
  const exporter = durableSpanExporter({ urls: bases.map((base) => `${base}/v1/traces`), ...options });
  exporters.push(exporter);
  return exporter;
}

function endSpans(exporter: DurableSpanExporter, count: number): void {
  const tracer = new TracerProvider({ spanProcessors: [exporter.processor] }).getTracer("test");
  for (let i = 0; i < count; i++) tracer.startSpan("work").end();
}

const received = (sink: SpanSink) => sink.bodies.reduce((sum, body) => sum + [...spanIds(body)].length, 0);

/** Takes connections and never answers. */
async function silentUrl(): Promise<string> {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

describe("an exporter with several endpoints", () => {
  it.each([["in memory"], ["in a directory"]])("delivers all, to each its share: %s", async (where) => {
    await using one = await spanSink();
    await using two = await spanSink();
    const options = where === "in memory" ? {} : { directory: scratch(), minFreeBytes: 0 };
    const exporter = exporterTo([one.url, two.url], options);
    endSpans(exporter, 1_000);
    await exporter.flush();
    expect(received(one) + received(two)).toBe(1_000);
    expect(Math.abs(received(one) - 500)).toBeLessThan(120);
    expect(exporter.counts).toMatchObject({ created: 1_000, delivered: 1_000, inSpool: 0, failovers: 0 });
  });

  it("ends a flush after one attempt where one of them is down, and has delivered to the others", async () => {
    await using one = await spanSink();
    const options = { directory: scratch(), minFreeBytes: 0 };
    const exporter = exporterTo([one.url, await refusingUrl()], options);
    endSpans(exporter, 200);
    const startMs = performance.now();
    await exporter.flush(20_000);
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect(exporter.counts.inSpool).toBe(200 - received(one));
  });

  it.each([
    ["flushed, where it waits in memory", "flush", false],
    ["stopped", "stop", false],
    ["stopped, where it waits in a directory", "stop", true],
  ] as const)("gives what waits for one that is down to the others when it is %s", async (_, end, onDisk) => {
    await using one = await spanSink();
    const options = onDisk ? { directory: scratch(), minFreeBytes: 0 } : {};
    const exporter = exporterTo([one.url, await refusingUrl()], options);
    endSpans(exporter, 200);
    await exporter[end]();
    expect(received(one)).toBe(200);
    expect(exporter.counts).toMatchObject({ delivered: 200, dropped: {}, inSpool: 0 });
  });

  it("stops in its time where one of them does not answer, and keeps what waits for it", async () => {
    await using one = await spanSink();
    const directory = scratch();
    const exporter = exporterTo([one.url, await silentUrl()], { directory, minFreeBytes: 0 });
    endSpans(exporter, 200);
    const startMs = performance.now();
    await exporter.stop(500);
    expect(performance.now() - startMs).toBeLessThan(1_500);
    const next = exporterTo([one.url], { directory, minFreeBytes: 0 });
    await next.flush();
    expect(received(one)).toBe(200);
  });

  it("delivers what was left for other endpoints, and for one alone", async () => {
    await using one = await spanSink();
    await using two = await spanSink();
    const directory = scratch();
    const options = { directory, minFreeBytes: 0 };
    for (const urls of [[await refusingUrl()], [await refusingUrl(), await refusingUrl()]]) {
      const earlier = exporterTo(urls, options);
      endSpans(earlier, 300);
      await earlier.stop();
    }
    const exporter = exporterTo([one.url, two.url], options);
    await exporter.flush();
    expect(received(one) + received(two)).toBe(600);
    expect(exporter.counts).toMatchObject({ recovered: 600, delivered: 600, inSpool: 0 });
  });

  it("says once that one of them is given up, without its secrets", async () => {
    const warn = vi.spyOn(diag, "warn").mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    await using one = await spanSink();
    const down = (await refusingUrl()).replace("//", "//user:hunter2@");
    const exporter = exporterTo([one.url, down], { failoverAfterMs: 1 });
    endSpans(exporter, 200);
    await vi.waitFor(() => expect(received(one)).toBe(200), 10_000);
    const said = warn.mock.calls.map(([text]) => text);
    expect(said.filter((text) => text.includes("has taken no spans for 0.001 s"))).toHaveLength(1);
    expect(said.join()).not.toContain("hunter2");
  });
});
