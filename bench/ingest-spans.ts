// Bodies of OTLP as an application of agents sends them, and as many with other ids as a bench needs.
import { ROOT_CONTEXT, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { defaultResource } from "@opentelemetry/resources";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

const AGENTS = ["researcher", "writer", "reviewer", "planner"];
const MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash"];
const TOOLS = ["search", "fetch", "calculator"];
/** A supervisor, and under it four agents with a tool call and a model call or two. */
const SPANS_A_TRACE = 12;

export interface Template {
  readonly bytes: Buffer;
  readonly spans: number;
  /** Where ids stand. */
  readonly places: readonly number[];
}

export function template(traces: number): Template {
  const spans = agentSpans(traces);
  const bytes = Buffer.from(ProtobufTraceSerializer.serializeRequest([...spans]) ?? []);
  return { bytes, spans: spans.length, places: placesOf(bytes, spans) };
}

/** The same spans with other ids, and later. */
export function copyOf({ bytes, places }: Template, number: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  for (const place of places) view.setUint32(place, (view.getUint32(place) ^ number) >>> 0);
  return copy;
}

function agentSpans(traces: number): readonly ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: defaultResource(),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("agent-otel", "0.1.0");
  for (let i = 0; i < traces; i++) oneTrace(tracer, i);
  return exporter.getFinishedSpans();
}

function oneTrace(tracer: Tracer, i: number): void {
  const root = tracer.startSpan("invoke_agent supervisor", { attributes: agentAttributes("supervisor") });
  for (const agent of AGENTS) {
    const inRoot = trace.setSpan(ROOT_CONTEXT, root);
    const span = tracer.startSpan(`invoke_agent ${agent}`, { attributes: agentAttributes(agent) }, inRoot);
    const inAgent = trace.setSpan(ROOT_CONTEXT, span);
    const model = MODELS[(i + agent.length) % MODELS.length] as string;
    const attributes = modelAttributes(agent, model, i);
    tracer.startSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }, inAgent).end();
    if (agent !== "planner") {
      const tool = TOOLS[i % TOOLS.length] as string;
      tracer
        .startSpan(
          `execute_tool ${tool}`,
          {
            attributes: {
              "gen_ai.operation.name": "execute_tool",
              "gen_ai.tool.name": tool,
              "gen_ai.tool.type": "function",
              "gen_ai.agent.name": agent,
            },
          },
          inAgent,
        )
        .end();
    }
    span.end();
  }
  root.end();
}

function agentAttributes(agent: string) {
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": agent,
    "gen_ai.conversation.id": "session",
    ...(agent !== "supervisor" && { "gen_ai.caller.type": "agent", "gen_ai.caller.name": "supervisor" }),
    "agents.own.calls": 1,
    "agents.own.tokens": 1_400,
    "agents.own.cost": 0.002,
    "agents.subtree.calls": 2,
    "agents.subtree.tokens": 3_000,
    "agents.subtree.cost": 0.004,
  };
}

function modelAttributes(agent: string, model: string, i: number) {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": model.startsWith("claude") ? "anthropic" : "openai",
    "gen_ai.request.model": model,
    "gen_ai.response.model": model,
    "gen_ai.response.id": `chatcmpl-${(i * 2_654_435_761).toString(36)}`,
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.agent.name": agent,
    "gen_ai.conversation.id": "session",
    "gen_ai.usage.input_tokens": 1_000 + 7 * i,
    "gen_ai.usage.output_tokens": 400 + i,
    "gen_ai.usage.cost.amount": 0.000_15 * (i + 1),
    "gen_ai.usage.cost.currency": "USD",
    "gen_ai.usage.cost.source": "local",
    "gen_ai.request.temperature": 0.5,
    "server.address": "api.openai.com",
    "server.port": 443,
  };
}

export const SPANS_PER_TRACE = SPANS_A_TRACE;

function placesOf(bytes: Buffer, spans: readonly ReadableSpan[]): readonly number[] {
  const ids = new Set(
    spans.flatMap((span) => {
      const { traceId, spanId } = span.spanContext();
      return [traceId, spanId];
    }),
  );
  return [...ids].flatMap((id) => {
    const wanted = Buffer.from(id, "hex");
    const places: number[] = [];
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) places.push(at);
    return places;
  });
}
