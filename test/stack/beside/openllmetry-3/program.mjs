// The instrumentation of openai of OpenLLMetry, on an SDK of 3.x.
import { createRequire } from "node:module";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { OpenAIInstrumentation } from "@traceloop/instrumentation-openai";
import { agent, onCall, tool } from "agent-otel";
import { agentMetrics, agentSpanProcessor, traceFileExporter } from "agent-otel/sdk";
import { runTeam } from "../team.mjs";

const provider = new TracerProvider({
  spanProcessors: [
    agentSpanProcessor(),
    new SimpleSpanProcessor({ exporter: traceFileExporter(process.env.SPANS) }),
  ],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(provider);
new OpenAIInstrumentation();
const { OpenAI } = createRequire(import.meta.url)("openai");
const openai = new OpenAI({ apiKey: "sk-test", baseURL: process.env.OPENAI_BASE_URL, maxRetries: 0 });
await runTeam({ agent, tool, onCall, agentMetrics }, openai);
await provider.shutdown();
