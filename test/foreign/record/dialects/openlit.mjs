// OpenLIT: its instrumentations of openai and Anthropic's client.
import { createRequire } from "node:module";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { askAnthropic, askOpenAi } from "../scenarios.mjs";
import { SpanLog } from "../span-log.mjs";

export const libraries = ["openlit", "openai", "anthropic-0"];

export async function record(provider) {
  const require = createRequire(import.meta.url);
  const log = new SpanLog();
  // It brings its own copy of everything.
  const requireThere = createRequire(require.resolve("openlit"));
  const { trace, context } = requireThere("@opentelemetry/api");
  const { AsyncLocalStorageContextManager } = requireThere("@opentelemetry/context-async-hooks");
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // It takes the program's own provider where that has this method, which only SDK 1 had.
  const tracerProvider = Object.assign(new TracerProvider({ spanProcessors: [log] }), {
    addSpanProcessor() {},
  });
  trace.getTracerProvider = () => tracerProvider;
  const Openlit = require("openlit").default;
  const openaiExports = require("openai");
  const anthropicExports = require("anthropic-0");
  Openlit.init({
    applicationName: "recorder",
    environment: "test",
    otlpEndpoint: provider.url,
    disableMetrics: true,
    disableEvents: true,
    pricingJson: { chat: {}, embeddings: {} },
    instrumentations: { openai: openaiExports, anthropic: anthropicExports },
  });
  const openai = new openaiExports.OpenAI({
    apiKey: "sk-test",
    baseURL: provider.openaiBaseUrl,
    maxRetries: 0,
  });
  const anthropic = new anthropicExports.Anthropic({
    apiKey: "sk-ant-test",
    baseURL: provider.anthropicBaseUrl,
    maxRetries: 0,
  });
  await askOpenAi(openai, provider);
  await askAnthropic(anthropic, provider);
  return log.spans();
}
