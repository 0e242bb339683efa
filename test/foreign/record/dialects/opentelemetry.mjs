// OpenTelemetry's own instrumentation of openai, on the newest client that it takes (6).
import { createRequire } from "node:module";
import { metrics } from "@opentelemetry/api";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
import { askOpenAi } from "../scenarios.mjs";
import { startLog } from "../span-log.mjs";

export const libraries = ["@opentelemetry/instrumentation-openai", "openai-6"];

export async function record(provider) {
  const { log, provider: tracerProvider } = startLog();
  const instrumentation = new OpenAIInstrumentation();
  instrumentation.setTracerProvider(tracerProvider);
  instrumentation.setMeterProvider(metrics.getMeterProvider());
  const exports = createRequire(import.meta.url)("openai-6");
  instrumentation.manuallyInstrument?.(exports) ?? instrumentation.init()[0]?.patch?.(exports, "6.49.0");
  const { OpenAI } = exports;
  const client = new OpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl, maxRetries: 0 });
  await askOpenAi(client, provider);
  return log.spans();
}
