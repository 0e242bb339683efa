import { type Attributes, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { encodeSpans } from "../src/pipeline/durable-span-exporter/encode/encode-spans.ts";
import { measureRounds, median, ratio } from "./harness.ts";

/** What this process sends: CPU nanoseconds per span, and how many times the transformer's ours takes. */
export interface SpanEncodeResult {
  readonly oursNs: number;
  readonly transformerNs: number;
  readonly ratio: number;
  readonly spanBytes: number;
}

const SPANS = 512;
const spans = agentSpans();
if (spans.length !== SPANS) throw new Error(`${spans.length} spans`);
const ours = encodeSpans(spans);
const theirs = ProtobufTraceSerializer.serializeRequest(spans);
if (theirs === undefined || Buffer.compare(ours, theirs) !== 0) throw new Error("the bytes are not the same");

const rounds = await measureRounds(
  {
    ours: async () => encodeSpans(spans),
    transformer: async () => ProtobufTraceSerializer.serializeRequest(spans),
  },
  { batch: 64 },
);
const result: SpanEncodeResult = {
  oursNs: median(rounds.ours) / SPANS,
  transformerNs: median(rounds.transformer) / SPANS,
  ratio: ratio(rounds.ours, rounds.transformer),
  spanBytes: ours.length / SPANS,
};
process.send?.(result);
process.disconnect?.();

/** Of the real SDK. No two have the same numbers, ids or answers; names come again, as they do. */
function agentSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ "service.version": "1.4.2", "host.name": "worker-7" }),
    ),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("agent-otel", "0.1.0");
  for (let i = 0; i < SPANS; i++) {
    const span = tracer.startSpan("chat gpt-4o-mini", { kind: SpanKind.CLIENT });
    span.setAttributes(attributesOf(i));
    span.setStatus({ code: SpanStatusCode.OK });
    span.end();
  }
  return exporter.getFinishedSpans();
}

function attributesOf(i: number): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "gen_ai.response.id": `chatcmpl-${(i * 2_654_435_761).toString(36)}`,
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.agent.name": `researcher-${i % 8}`,
    "gen_ai.caller.name": "supervisor",
    "gen_ai.usage.input_tokens": 100 + 7 * i,
    "gen_ai.usage.output_tokens": 40 + i,
    "gen_ai.usage.cost.amount": 0.000_15 * (i + 1),
    "gen_ai.request.stream": i % 2 === 0,
  };
}
