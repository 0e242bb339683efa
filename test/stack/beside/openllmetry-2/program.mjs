// The instrumentation of openai of OpenLLMetry, on an SDK of 2.x.
import { createRequire } from "node:module";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { OpenAIInstrumentation } from "@traceloop/instrumentation-openai";
import { agent, onCall, tool } from "agent-otel";
import { agentMetrics, agentSpanProcessor, traceFileExporter } from "agent-otel/sdk";
import { runTeam } from "../team.mjs";

const provider = new NodeTracerProvider({
  spanProcessors: [agentSpanProcessor(), new SimpleSpanProcessor(traceFileExporter(process.env.SPANS))],
});
provider.register();
new OpenAIInstrumentation();
const { OpenAI } = createRequire(import.meta.url)("openai");
const openai = new OpenAI({ apiKey: "sk-test", baseURL: process.env.OPENAI_BASE_URL, maxRetries: 0 });
await runTeam({ agent, tool, onCall, agentMetrics }, openai);
await provider.shutdown();
