// OpenInference: its core helpers around its instrumentations of openai and of Anthropic's client before that traced itself.
import { createRequire } from "node:module";
import { traceAgent, traceChain, traceTool, withSpan } from "@arizeai/openinference-core";
import { AnthropicInstrumentation } from "@arizeai/openinference-instrumentation-anthropic";
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { askAnthropic, askOpenAi } from "../scenarios.mjs";
import { startLog } from "../span-log.mjs";

export const libraries = [
  "@arizeai/openinference-core",
  "@arizeai/openinference-instrumentation-openai",
  "@arizeai/openinference-instrumentation-anthropic",
  "openai",
  "anthropic-0",
];

export async function record(provider) {
  const { log, provider: tracerProvider } = startLog();
  const require = createRequire(import.meta.url);
  const openaiExports = require("openai");
  const anthropicExports = require("anthropic-0");
  for (const [instrumentation, exports] of [
    [new OpenAIInstrumentation({ tracerProvider }), openaiExports],
    [new AnthropicInstrumentation({ tracerProvider }), anthropicExports],
  ]) {
    instrumentation.setTracerProvider(tracerProvider);
    instrumentation.manuallyInstrument(exports);
  }
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
  const chat = { model: "gpt-4o-mini", messages: [{ role: "user", content: "What is new?" }] };
  const search = traceTool(async () => "nothing", { name: "search" });
  const writer = traceAgent(
    async () => {
      await search("news");
      return openai.chat.completions.create(chat);
    },
    { name: "writer" },
  );
  const outer = traceChain(async () => writer("go"), { name: "report" });
  await outer();
  // An LLM span made by hand around the client's own.
  const ask = withSpan(
    async () => {
      const { trace } = await import("@opentelemetry/api");
      const { usage } = await openai.chat.completions.create(chat);
      trace.getActiveSpan()?.setAttributes({
        "llm.model_name": "gpt-4o-mini",
        "llm.provider": "openai",
        "llm.token_count.prompt": usage.prompt_tokens,
        "llm.token_count.completion": usage.completion_tokens,
        "llm.token_count.total": usage.total_tokens,
      });
    },
    { name: "ask", kind: "LLM" },
  );
  await ask();
  return log.spans();
}
