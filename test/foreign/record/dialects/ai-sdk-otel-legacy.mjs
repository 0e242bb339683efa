// The AI SDK 7 with @ai-sdk/otel: the old names (`ai.*`).
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { LegacyOpenTelemetry } from "@ai-sdk/otel";
import * as ai from "ai";
import { askAiSdk } from "../ai-scenarios.mjs";
import { startLog } from "../span-log.mjs";

export const libraries = ["ai", "@ai-sdk/otel", "@ai-sdk/openai", "@ai-sdk/anthropic"];

export async function record(provider) {
  const { log } = startLog();
  ai.registerTelemetry(new LegacyOpenTelemetry());
  const openai = createOpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl });
  const anthropic = createAnthropic({ apiKey: "sk-ant-test", baseURL: `${provider.anthropicBaseUrl}/v1` });
  const telemetry = (functionId) => ({ telemetry: { isEnabled: true, ...(functionId && { functionId }) } });
  await askAiSdk({ ai, openai, anthropic, provider, telemetry });
  return log.spans();
}
