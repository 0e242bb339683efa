import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  type ISerializer,
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

export type Signal = "traces" | "metrics" | "logs";

/** A body as the official SDK writes it. */
export interface Body {
  readonly signal: Signal;
  readonly encoding: "protobuf" | "json";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const RESOURCE = resourceFromAttributes({ "service.name": "office", "service.version": "1.4.2" });

/** Traces of an agent with a model call, a tool and an event each. */
export function madeSpans(traces: number, extra: Attributes = {}): readonly ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: RESOURCE,
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("test", "1.0.0");
  for (let i = 0; i < traces; i++) {
    const root = tracer.startSpan("invoke_agent clerk", {
      attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk", ...extra },
    });
    const context = trace.setSpan(ROOT_CONTEXT, root);
    const model = tracer.startSpan(
      "chat gpt-4o-mini",
      { kind: SpanKind.CLIENT, attributes: modelAttributes(i), links: [{ context: root.spanContext() }] },
      context,
    );
    model.addEvent("gen_ai.choice", { index: i, "finish.reason": "stop" });
    model.end();
    const tool = tracer.startSpan(
      "execute_tool search",
      {
        attributes: {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "search",
          "gen_ai.agent.name": "clerk",
        },
      },
      context,
    );
    if (i % 2 === 1) tool.setStatus({ code: SpanStatusCode.ERROR, message: "no answer" });
    tool.end();
    root.end();
  }
  return exporter.getFinishedSpans();
}

function modelAttributes(i: number): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.agent.name": "clerk",
    "gen_ai.usage.input_tokens": 1_000 + i,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.request.temperature": 0.5,
    "gen_ai.request.stream": false,
  };
}

export function spanBody(encoding: Body["encoding"], spans: readonly ReadableSpan[]): Body {
  const serializer = encoding === "json" ? JsonTraceSerializer : ProtobufTraceSerializer;
  return { signal: "traces", encoding, bytes: serialized(serializer, [...spans]) };
}

export async function metricBody(encoding: Body["encoding"]): Promise<Body> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ resource: RESOURCE, readers: [reader] });
  const meter = provider.getMeter("test");
  const state = meter.createGauge("agents.breaker.state");
  for (const name of ["closed", "open", "half_open"])
    state.record(name === "open" ? 1 : 0, {
      "agents.breaker.name": "search",
      "agents.breaker.state.name": name,
    });
  meter.createCounter("agents.breaker.rejections").add(7, { "agents.breaker.name": "search" });
  meter.createGauge("agents.budget.limit").record(5, budget);
  meter.createGauge("agents.budget.used").record(1.25, budget);
  const durations = meter.createHistogram("agents.queue.wait");
  for (const seconds of [0.1, 0.2, 3]) durations.record(seconds, { "agents.queue.name": "orders" });
  await reader.forceFlush();
  const [collected] = exporter.getMetrics();
  await provider.shutdown();
  const serializer = encoding === "json" ? JsonMetricsSerializer : ProtobufMetricsSerializer;
  return { signal: "metrics", encoding, bytes: serialized(serializer, collected!) };
}

const budget = { "agents.budget.name": "team", "agents.budget.window": "day" };

/** @param context Of the span that the lines belong to. */
export function logBody(encoding: Body["encoding"], span: ReadableSpan | undefined): Body {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: RESOURCE,
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  const logger = provider.getLogger("test");
  const context = span === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span.spanContext());
  logger.emit({ context, severityNumber: 9, body: "asked", attributes: { attempt: 1 } });
  logger.emit({ context, severityNumber: 17, severityText: "ERROR", body: { deep: ["no", 1, true] } });
  const serializer = encoding === "json" ? JsonLogsSerializer : ProtobufLogsSerializer;
  return { signal: "logs", encoding, bytes: serialized(serializer, exporter.getFinishedLogRecords()) };
}

function serialized<T, R>(serializer: ISerializer<T, R>, data: T): Uint8Array<ArrayBuffer> {
  const bytes = serializer.serializeRequest(data);
  if (bytes === undefined) throw new Error("nothing was serialized");
  return new Uint8Array(bytes);
}

/** As an exporter sends it. */
export function requestOf(body: Body, headers: Readonly<Record<string, string>> = {}): Request {
  const type = body.encoding === "json" ? "application/json" : "application/x-protobuf";
  return new Request(`http://127.0.0.1:4318/v1/${body.signal}`, {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body: body.bytes,
  });
}
