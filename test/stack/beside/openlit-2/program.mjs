// OpenLIT, on an SDK of 2.x.
import { createRequire } from "node:module";
import { trace } from "@opentelemetry/api";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { agent, onCall, tool } from "agent-otel";
import { agentMetrics, agentSpanProcessor, traceFileExporter } from "agent-otel/sdk";
import { Openlit } from "openlit";
import { runTeam } from "../team.mjs";

const provider = new NodeTracerProvider({
  spanProcessors: [agentSpanProcessor(), new SimpleSpanProcessor(traceFileExporter(process.env.SPANS))],
});
provider.register();
// It takes the program's provider where that has this method, which only SDK 1 had; else it makes one of its own.
Object.assign(trace.getTracerProvider(), { addSpanProcessor() {} });
Openlit.init({
  applicationName: "team",
  disableMetrics: true,
  disableEvents: true,
  pricingJson: { chat: {} },
});
const { OpenAI } = createRequire(import.meta.url)("openai");
const openai = new OpenAI({ apiKey: "sk-test", baseURL: process.env.OPENAI_BASE_URL, maxRetries: 0 });
await runTeam({ agent, tool, onCall, agentMetrics }, openai);
await provider.shutdown();
