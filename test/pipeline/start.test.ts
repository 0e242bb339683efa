import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  context,
  type DiagLogger,
  diag,
  logs,
  metrics,
  propagation,
  SpanKind,
  trace,
} from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  type ReadableSpan,
  SamplingDecision,
  type SpanExporter,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { alwaysRecord } from "../../src/pipeline/always-record.ts";
import type { AgentOtel } from "../../src/pipeline/sdk-handle.ts";
import type { StartOptions } from "../../src/pipeline/sdk-options.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type OtlpSink, otlpSink } from "./fixtures/otlp-sink.ts";

let handle: AgentOtel | undefined;
let warnings: string[];

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^(AGENT_)?OTEL_/.test(name)) vi.stubEnv(name, undefined);
  warnings = [];
  const warn = (message: string, ...args: unknown[]) => void warnings.push([message, ...args].join(" "));
  const logger: DiagLogger = { error: warn, warn, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger);
});

afterEach(async () => {
  await handle?.shutdown();
  handle = undefined;
  for (const api of [trace, metrics, logs, context, propagation, diag]) api.disable();
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** A process starts once; each test gets the module, and with it the registry of the started SDK, anew. */
async function startAnew(
  options: StartOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<AgentOtel> {
  for (const [name, value] of Object.entries({ OTEL_METRICS_EXPORTER: "none", ...env }))
    vi.stubEnv(name, value);
  const { start } = await import("../../src/pipeline/start.ts");
  handle = start(options);
  return handle;
}

function makeSpan(name = "work"): void {
  trace.getTracer("test").startActiveSpan(name, { kind: SpanKind.CLIENT }, (span) => span.end());
}

class Seen implements SpanProcessor {
  readonly spans: ReadableSpan[] = [];
  onStart(): void {}
  onEnd(span: ReadableSpan): void {
    this.spans.push(span);
  }
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

describe("start", () => {
  it("exports spans to the exporter given in code", async () => {
    const traceExporter = new InMemorySpanExporter();
    const { state, flush } = await startAnew({ traceExporter });
    makeSpan();
    await flush();
    expect(state).toBe("started");
    expect(traceExporter.getFinishedSpans().map(({ name }) => name)).toEqual(["work"]);
    expect(warnings).toEqual([]);
  });

  it("returns the first handle when called again, with one warning", async () => {
    const first = await startAnew({ traceExporter: new InMemorySpanExporter() });
    const { start } = await import("../../src/pipeline/start.ts");
    expect(start({ serviceName: "another" })).toBe(first);
    expect(warnings).toEqual([expect.stringContaining("start() was called again")]);
  });

  it("keeps out where the program has a tracer provider", async () => {
    const exporter = new InMemorySpanExporter();
    const theirs = new TracerProvider();
    trace.setGlobalTracerProvider(theirs);
    const { state, flush, shutdown } = await startAnew({ traceExporter: exporter });
    makeSpan();
    await flush();
    await shutdown();
    expect(state).toBe("external");
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("a tracer provider of its own")]);
  });

  it("keeps out in silence with AGENT_OTEL_SDK=external", async () => {
    expect((await startAnew({}, { AGENT_OTEL_SDK: "external" })).state).toBe("external");
    expect(warnings).toEqual([]);
  });

  it("starts nothing with OTEL_SDK_DISABLED=true, whatever else is set", async () => {
    const listeners = process.listenerCount("beforeExit");
    const { state, flush, shutdown } = await startAnew(
      {},
      { OTEL_SDK_DISABLED: "true", OTEL_TRACES_SAMPLER: "bad" },
    );
    await Promise.all([flush(), shutdown(), shutdown()]);
    expect(state).toBe("disabled");
    expect(process.listenerCount("beforeExit")).toBe(listeners);
    expect(trace.getTracer("test").startSpan("work").isRecording()).toBe(false);
  });

  it("can be called again after a call that threw", async () => {
    await expect(startAnew({}, { OTEL_TRACES_EXPORTER: "jaeger" })).rejects.toThrow(TypeError);
    expect((await startAnew({}, { OTEL_TRACES_EXPORTER: "none" })).state).toBe("started");
  });

  it("takes prices from the file, also where no SDK is started", async () => {
    const path = join(await temporaryFolder(), "prices.json");
    await writeFile(path, JSON.stringify({ "my-model": { input: 2, output: 4 } }));
    await startAnew({}, { AGENT_OTEL_PRICES: path, OTEL_SDK_DISABLED: "true" });
    const { defaultPrices } = await import("../../src/cost/prices.ts");
    expect(defaultPrices.modelPrice(undefined, "my-model")).toBeDefined();
  });

  it("writes spans to the trace file, next to the exporter", async () => {
    const path = join(await temporaryFolder(), "trace.jsonl");
    const traceExporter = new InMemorySpanExporter();
    const { flush } = await startAnew({ traceExporter, traceFile: path });
    makeSpan("to both");
    await flush();
    expect(await readFile(path, "utf8")).toContain('"name":"to both"');
    expect(traceExporter.getFinishedSpans()).toHaveLength(1);
  });
});

describe("the environment that NodeSDK would ignore", () => {
  it("OTEL_TRACES_SAMPLER decides what is exported, not what processors see", async () => {
    const traceExporter = new InMemorySpanExporter();
    const seen = new Seen();
    const { flush } = await startAnew(
      { traceExporter, spanProcessors: [seen] },
      { OTEL_TRACES_SAMPLER: "always_off" },
    );
    makeSpan();
    await flush();
    expect(seen.spans.map(({ name }) => name)).toEqual(["work"]);
    expect(traceExporter.getFinishedSpans()).toEqual([]);
  });

  it("OTEL_TRACES_EXPORTER=none exports nothing, but spans are seen", async () => {
    const seen = new Seen();
    await startAnew({ spanProcessors: [seen] }, { OTEL_TRACES_EXPORTER: "none" });
    makeSpan();
    expect(seen.spans).toHaveLength(1);
  });

  it("OTEL_BSP_* holds for the exporter given in code", async () => {
    const batches: number[] = [];
    const traceExporter: SpanExporter = {
      export: (spans, done) => {
        batches.push(spans.length);
        done({ code: 0 });
      },
      shutdown: async () => {},
    };
    const env = { OTEL_BSP_MAX_QUEUE_SIZE: "4", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "2" };
    const { flush } = await startAnew({ traceExporter }, env);
    for (let i = 0; i < 4; i++) makeSpan();
    await flush();
    expect(batches).toEqual([2, 2]);
  });

  it("OTEL_PROPAGATORS is read by NodeSDK itself", async () => {
    await startAnew({}, { OTEL_PROPAGATORS: "tracecontext", OTEL_TRACES_EXPORTER: "none" });
    expect(propagation.fields()).toEqual(["traceparent", "tracestate"]);
  });

  it("leaves the environment as it was, and no logger provider behind", async () => {
    const before = {
      ...process.env,
      OTEL_LOG_LEVEL: "error",
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
    };
    await startAnew({}, { OTEL_LOG_LEVEL: "error", OTEL_TRACES_EXPORTER: "none" });
    expect(process.env).toEqual(before);
    expect(logs.getLoggerProvider()).not.toHaveProperty("forceFlush");
  });

  it("leaves the program's own diag logger in place with OTEL_LOG_LEVEL set", async () => {
    await startAnew({}, { OTEL_LOG_LEVEL: "debug", OTEL_TRACES_EXPORTER: "none" });
    diag.warn("to the program");
    expect(warnings).toEqual(["to the program"]);
  });

  it("OTEL_LOGS_EXPORTER brings logs, and flush sends them", async () => {
    await using sink = await otlpSink();
    const env = {
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_TRACES_EXPORTER: "none",
    };
    const { flush } = await startAnew({}, env);
    logs.getLogger("test").emit({ body: "hello" });
    await flush();
    expect(sink.requests.map(({ path }) => path)).toEqual(["/v1/logs"]);
  });
});

describe("OTLP", () => {
  async function sent(sink: OtlpSink, options: StartOptions, env: Readonly<Record<string, string>>) {
    const { flush } = await startAnew(options, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, ...env });
    makeSpan();
    await flush();
    return sink.requests;
  }

  it.each([
    ["", "application/x-protobuf"],
    ["http/protobuf", "application/x-protobuf"],
    ["http/json", "application/json"],
  ])("protocol %j", async (protocol, type) => {
    await using sink = await otlpSink();
    const [request] = await sent(sink, {}, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    expect(request).toMatchObject({ path: "/v1/traces", headers: { "content-type": type } });
  });

  it("sends headers and compresses as the environment says; a header in code wins over its name", async () => {
    await using sink = await otlpSink();
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "x-a=env,x-b=env", OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" };
    const [request] = await sent(sink, { headers: { "x-b": "code" } }, env);
    expect(request?.headers).toMatchObject({ "x-a": "env", "x-b": "code", "content-encoding": "gzip" });
  });

  it("sends metrics, and flush does not wait for the interval", async () => {
    await using sink = await otlpSink();
    const { flush, shutdown } = await startAnew(
      { endpoint: sink.url },
      { OTEL_METRICS_EXPORTER: "otlp", OTEL_TRACES_EXPORTER: "none" },
    );
    metrics.getMeter("test").createCounter("things").add(1);
    await flush();
    expect(sink.requests.map(({ path }) => path)).toEqual(["/v1/metrics"]);
    // A last collection goes out here, and needs the sink.
    await shutdown();
  });

  it("tells what became of its spans, as metrics", async () => {
    await using sink = await otlpSink();
    const env = { OTEL_METRICS_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/json" };
    const { flush, shutdown } = await startAnew({ endpoint: sink.url }, env);
    makeSpan();
    await flush();
    await flush();
    const bodies = sink.requests.filter(({ path }) => path === "/v1/metrics").map(({ body }) => body);
    expect(sumOf(bodies.at(-1) ?? "", "agents.spool.delivered")).toBe(1);
    await shutdown();
  });

  it("names the receiver that fails, once, and never rejects", async () => {
    await using sink = await otlpSink(500);
    const { flush } = await startAnew({ endpoint: sink.url });
    for (let i = 0; i < 3; i++) {
      makeSpan();
      await flush();
    }
    expect(warnings).toEqual([
      `agent-otel: ${sink.url}/v1/traces refuses spans (HTTP 500): they are lost; the metric agents.spool.dropped counts them. Said once.`,
    ]);
  });
});

describe("the resource", () => {
  it("has no command line and no owner, whatever detectors the environment asks for", async () => {
    await using sink = await otlpSink();
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_NODE_RESOURCE_DETECTORS: "all",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test,team=env,service.name=unused",
      OTEL_SERVICE_NAME: "named",
    };
    const { flush } = await startAnew({ endpoint: sink.url, resourceAttributes: { team: "code" } }, env);
    makeSpan();
    await flush();
    expect(sink.resource()).toMatchObject({
      "service.name": "named",
      "service.instance.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "host.name": expect.any(String),
      "deployment.environment.name": "test",
      team: "code",
    });
    expect(Object.keys(sink.resource()).filter((key) => key.startsWith("process."))).toEqual([]);
  });
});

describe("the handle", () => {
  it("gives up at the bound when an exporter hangs, and never rejects", async () => {
    const traceExporter = { export() {}, shutdown: () => new Promise<void>(() => {}) };
    const { flush, shutdown } = await startAnew({ traceExporter });
    makeSpan();
    await flush(20);
    await shutdown(20);
    expect(warnings).toEqual([
      expect.stringContaining("flush was not done after 20 ms"),
      expect.stringContaining("shutdown was not done after 20 ms"),
    ]);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    "takes %s as a time-out without a complaint",
    async (ms) => {
      const { flush } = await startAnew({ traceExporter: new InMemorySpanExporter() });
      await expect(flush(ms)).resolves.toBeUndefined();
    },
  );

  it("shuts down once, flushes before, and takes its listeners away", async () => {
    const shutdown = vi.fn(async () => {});
    const names: string[] = [];
    const exporter = new InMemorySpanExporter();
    const traceExporter = {
      export: (spans: ReadableSpan[], done: Parameters<InMemorySpanExporter["export"]>[1]) => {
        names.push(...spans.map(({ name }) => name));
        exporter.export(spans, done);
      },
      shutdown,
    };
    const events = ["beforeExit", "SIGTERM", "SIGINT"];
    const before = events.map((event) => process.listenerCount(event));
    const running = await startAnew({ traceExporter });
    makeSpan();
    await Promise.all([running.shutdown(), running.shutdown(), running.flush()]);
    expect(names).toEqual(["work"]);
    expect(shutdown).toHaveBeenCalledTimes(1);
    expect(events.map((event) => process.listenerCount(event))).toEqual(before);
  });

  it("flush waits for a batch that is on its way already", async () => {
    const exporting = Promise.withResolvers<void>();
    let landed = false;
    const answered = Promise.withResolvers<void>();
    const traceExporter = {
      export: (_: ReadableSpan[], done: (result: { code: number }) => void) => {
        exporting.resolve();
        void answered.promise.then(() => {
          landed = true;
          done({ code: 0 });
        });
      },
      forceFlush: () => answered.promise,
      shutdown: async () => {},
    };
    const { flush } = await startAnew({ traceExporter }, { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1" });
    makeSpan();
    await exporting.promise;
    const flushed = flush().then(() => "flushed");
    expect(await Promise.race([flushed, setImmediate("still waiting")])).toBe("still waiting");
    answered.resolve();
    await flushed;
    expect(landed).toBe(true);
  });
});

describe("what the program brings", () => {
  it("cannot fail the program from a span processor", async () => {
    const boom = () => {
      throw new Error("boom");
    };
    const processor = { onStart: boom, onEnding: boom, onEnd: boom, forceFlush: boom, shutdown: boom };
    const traceExporter = new InMemorySpanExporter();
    const { flush } = await startAnew({ traceExporter, spanProcessors: [processor] });
    makeSpan();
    makeSpan();
    await flush();
    expect(traceExporter.getFinishedSpans()).toHaveLength(2);
    expect(warnings).toHaveLength(4);
  });

  it("cannot fail the program from an exporter that throws", async () => {
    const traceExporter = {
      export: () => {
        throw new Error("boom");
      },
      shutdown: async () => {},
    };
    const { flush } = await startAnew({ traceExporter });
    makeSpan();
    await flush();
    expect(warnings).toEqual([expect.stringContaining("spans do not reach Object (boom)")]);
  });

  it("metric readers take the place of those of the environment", async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter });
    const { flush } = await startAnew({ metricReaders: [reader] }, { OTEL_TRACES_EXPORTER: "none" });
    metrics.getMeter("test").createCounter("things").add(1);
    await flush();
    expect(exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics[0]?.descriptor.name).toBe("things");
  });
});

describe("alwaysRecord", () => {
  const sample = (decision: SamplingDecision) =>
    alwaysRecord({ shouldSample: () => ({ decision, attributes: { a: 1 } }) }).shouldSample(
      context.active(),
      "0".repeat(32),
      "name",
      SpanKind.INTERNAL,
      {},
      [],
    );

  it.each([
    [SamplingDecision.NOT_RECORD, SamplingDecision.RECORD],
    [SamplingDecision.RECORD, SamplingDecision.RECORD],
    [SamplingDecision.RECORD_AND_SAMPLED, SamplingDecision.RECORD_AND_SAMPLED],
  ])("decision %i becomes %i, and the sampler's attributes stay", (from, to) => {
    expect(sample(from)).toMatchObject({ decision: to, attributes: { a: 1 } });
  });

  it("keeps whole traces out: children of a dropped root are recorded and not sampled", async () => {
    const seen = new Seen();
    const traceExporter = new InMemorySpanExporter();
    const { flush } = await startAnew({
      traceExporter,
      spanProcessors: [seen],
      sampler: new AlwaysOffSampler(),
    });
    trace.getTracer("test").startActiveSpan("root", (root) => {
      makeSpan("child");
      root.end();
    });
    await flush();
    expect(seen.spans.map(({ name }) => name)).toEqual(["child", "root"]);
    expect(seen.spans.map((span) => span.spanContext().traceFlags)).toEqual([0, 0]);
    expect(traceExporter.getFinishedSpans()).toEqual([]);
  });
});

describe("the installed packages", () => {
  it("hold exactly one copy of the trace SDK: two do not know each other's spans", () => {
    const copies = copiesOf("@opentelemetry/sdk-trace", join(import.meta.dirname, "../../node_modules"));
    expect(copies).toHaveLength(1);
  });

  function copiesOf(name: string, modules: string): readonly string[] {
    const packages = readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory()) return [];
      const path = join(modules, entry.name);
      return entry.name.startsWith("@") ? readdirSync(path).map((inner) => join(path, inner)) : [path];
    });
    const nested = packages.filter((path) => readdirSync(path).includes("node_modules"));
    return [
      ...packages.filter((path) => path === join(modules, name)),
      ...nested.flatMap((path) => copiesOf(name, join(path, "node_modules"))),
    ];
  }
});

/** The first point of a sum in an OTLP/JSON request. */
function sumOf(body: string, metric: string): number {
  const { resourceMetrics } = JSON.parse(body) as {
    resourceMetrics: {
      scopeMetrics: { metrics: { name: string; sum?: { dataPoints: { asInt: string | number }[] } }[] }[];
    }[];
  };
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
  return Number(metrics.find(({ name }) => name === metric)?.sum?.dataPoints[0]?.asInt);
}
