import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { getRequestListener } from "@hono/node-server";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { otlpReceiver } from "../../src/server/receiver/otlp-receiver.ts";
import { type TelemetryStore, telemetryStore } from "../../src/server/telemetry-store/telemetry-store.ts";
import { logBody, madeSpans, metricBody, requestOf, spanBody } from "../server/receiver/otlp-bodies.ts";
import { startCollector } from "./support/collector.ts";
import { eventually } from "./support/eventually.ts";
import { send, twoSpanTrace } from "./support/otlp.ts";

// What others send with, against a real server: what they count is what arrives.
const PORT = 24_290;
const COLLECTOR_PORTS = 24_200;
const run = promisify(execFile);
let folder: string;
let store: TelemetryStore;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "agent-otel-senders-"));
  store = telemetryStore({ path: join(folder, "telemetry.db") });
  server = await listen(PORT);
});

afterAll(() => {
  close(server);
  store?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(port: number): Promise<Server> {
  const made = createServer(getRequestListener(otlpReceiver(store)));
  await new Promise<void>((resolve) => made.listen(port, "127.0.0.1", resolve));
  return made;
}

function close(made: Server | undefined): void {
  made?.close();
  made?.closeAllConnections();
}

async function exported(exporter: SpanExporter, traces: number): Promise<number> {
  const spans = madeSpans(traces);
  await new Promise<void>((resolve, reject) => {
    exporter.export([...spans], ({ code, error }) => (code === 0 ? resolve() : reject(error)));
  });
  await exporter.shutdown();
  return spans.length;
}

async function arrived(work: () => Promise<number>): Promise<{ sent: number; got: number }> {
  const before = store.spans;
  const sent = await work();
  return { sent, got: store.spans - before };
}

describe("the receiver", () => {
  const url = `http://127.0.0.1:${PORT}/v1/traces`;

  it.each([
    ["protobuf", () => new ProtobufExporter({ url })],
    ["protobuf, gzip", () => new ProtobufExporter({ url, compression: CompressionAlgorithm.GZIP })],
    ["JSON", () => new JsonExporter({ url })],
    ["JSON, gzip", () => new JsonExporter({ url, compression: CompressionAlgorithm.GZIP })],
  ])("gets each span of JavaScript's exporter: %s", async (_, exporter) => {
    const { sent, got } = await arrived(() => exported(exporter(), 500));
    expect(got).toBe(sent);
  });

  it("gets metrics and logs over the wire", async () => {
    const [span] = madeSpans(1);
    for (const body of [spanBody("protobuf", [span!]), await metricBody("protobuf"), logBody("json", span)]) {
      const { method, headers } = requestOf(body);
      const response = await fetch(`http://127.0.0.1:${PORT}/v1/${body.signal}`, {
        method,
        headers,
        body: body.bytes,
      });
      expect(response.status).toBe(200);
    }
    expect((await store.sources.traces.get(span!.spanContext().traceId))?.logs).toHaveLength(2);
    expect(await store.sources.breakers.list()).toMatchObject([{ name: "search", state: "open" }]);
  });

  it("gets each span of Python's exporter", async () => {
    const python = join(folder, "python");
    await run("python3", ["-m", "venv", python]);
    await run(
      join(python, "bin/pip"),
      ["install", "--quiet", "opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"],
      {
        timeout: 240_000,
      },
    );
    const { sent, got } = await arrived(async () => {
      const { stdout } = await run(join(python, "bin/python"), ["-c", PYTHON, url]);
      return Number(stdout);
    });
    expect(sent).toBe(1_000);
    expect(got).toBe(sent);
  });
});

const PYTHON = `
import sys
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=sys.argv[1])))
tracer = provider.get_tracer("python")
for i in range(500):
    with tracer.start_as_current_span("invoke_agent clerk", attributes={"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk"}):
        with tracer.start_as_current_span("chat gpt-4o", attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": i}):
            pass
provider.shutdown()
print(1000)
`;

describe("the collector in front of the receiver", () => {
  it.each(["gzip", "none"])(
    "hands on each span that it was given, with compression %s",
    async (compression) => {
      const collector = await startCollector("config.yaml", COLLECTOR_PORTS, {
        AGENT_OTEL_JAEGER_ENDPOINT: `http://127.0.0.1:${PORT}`,
        AGENT_OTEL_JAEGER_COMPRESSION: compression,
      });
      try {
        const before = store.spans;
        for (let i = 0; i < 300; i++) expect(await send(collector.otlp, twoSpanTrace().body)).toBe(true);
        await eventually("all spans", async () => (store.spans - before === 600 ? true : undefined));
      } finally {
        await collector.stop();
      }
    },
  );
});
