// What an application of agents sends: requests of 512 spans with all attributes that this package writes, made by it.
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { agent } from "../src/agent/agent.ts";
import { chat } from "../src/agent/chat.ts";
import { tool } from "../src/agent/tool.ts";
import { readPipelineConfig } from "../src/pipeline/environment/pipeline-config.ts";
import { pipelineResource } from "../src/pipeline/resource.ts";

export const SPANS_A_REQUEST = 512;

const AGENTS = ["researcher", "writer", "reviewer", "planner"];
const MODELS = [
  { provider: "openai", model: "gpt-4o" },
  { provider: "openai", model: "gpt-4o-mini" },
  { provider: "anthropic", model: "claude-sonnet-4-5" },
  { provider: "gcp.gemini", model: "gemini-2.5-flash" },
] as const;
const TOOLS = ["search", "fetch", "calculator"];

export interface Load {
  /** Whether the application's SDK sends metrics too, and its resource says so. */
  readonly counted: boolean;
  readonly requests: number;
  /** The name of an agent, by the number of its trace. @default four names */
  readonly agentName?: (name: string, trace: number) => string;
}

/** Bodies of OTLP/HTTP, in protobuf. */
export async function requests({
  counted,
  requests: count,
  agentName = (name) => name,
}: Load): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const spans: ReadableSpan[] = [];
  const env = { OTEL_SERVICE_NAME: "bench", OTEL_METRICS_EXPORTER: counted ? "otlp" : "none" };
  const resource = pipelineResource(readPipelineConfig(env));
  await resource.waitForAsyncAttributes?.();
  const keep = { onStart() {}, onEnd: (span: ReadableSpan) => void spans.push(span) };
  const spanProcessors = [{ ...keep, forceFlush: async () => {}, shutdown: async () => {} }];
  trace.setGlobalTracerProvider(new TracerProvider({ resource, spanProcessors }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    for (let i = 0; spans.length < count * SPANS_A_REQUEST; i++) {
      await oneTrace(i, agentName);
    }
  } finally {
    trace.disable();
    context.disable();
  }
  return Array.from({ length: count }, (_, i) => {
    const part = spans.slice(i * SPANS_A_REQUEST, (i + 1) * SPANS_A_REQUEST);
    return new Uint8Array(ProtobufTraceSerializer.serializeRequest(part) ?? []);
  });
}

/** A supervisor, and under it four agents, each with a tool call and a model call or two; one call in thirty fails. */
function oneTrace(i: number, agentName: (name: string, trace: number) => string): Promise<void> {
  return agent(agentName("supervisor", i), async () => {
    for (const [j, name] of AGENTS.entries()) {
      await agent(agentName(name, i), async () => {
        await ask(i + j);
        if (name === "planner") await ask(i + j + 1);
        else await tool(TOOLS[(i + j) % TOOLS.length] as string, async () => undefined)();
        if ((i + j) % 30 === 0) trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR });
      })();
    }
  })();
}

async function ask(i: number): Promise<void> {
  const { provider, model } = MODELS[i % MODELS.length] as (typeof MODELS)[number];
  await chat({ provider, model, temperature: 0.5, maxTokens: 2_048 }, async (record) => {
    record.usage({ input: 1_000 + (i % 997), output: 400 + (i % 89), cacheRead: 100 });
    record.response({ id: `chatcmpl-${(i * 2_654_435_761).toString(36)}`, model, finishReasons: ["stop"] });
  });
}
