// Langfuse's wrapper of openai, on an SDK of 2.x.
import { createRequire } from "node:module";
import { observeOpenAI } from "@langfuse/openai";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { agent, onCall, tool } from "agent-otel";
import { agentMetrics, agentSpanProcessor, traceFileExporter } from "agent-otel/sdk";
import { runTeam } from "../team.mjs";

const langfuse = new LangfuseSpanProcessor({
  publicKey: "pk-test",
  secretKey: "sk-test",
  baseUrl: process.env.LANGFUSE_URL,
});
const provider = new NodeTracerProvider({
  spanProcessors: [
    agentSpanProcessor(),
    langfuse,
    new SimpleSpanProcessor(traceFileExporter(process.env.SPANS)),
  ],
});
provider.register();
const { OpenAI } = createRequire(import.meta.url)("openai");
const openai = observeOpenAI(
  new OpenAI({ apiKey: "sk-test", baseURL: process.env.OPENAI_BASE_URL, maxRetries: 0 }),
);
await runTeam({ agent, tool, onCall, agentMetrics }, openai);
await provider.shutdown();
