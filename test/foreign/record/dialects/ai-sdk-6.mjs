// The AI SDK 6, with `experimental_telemetry`: the names `ai.*`.

import * as ai from "ai-6";
import { createAnthropic } from "ai-sdk-anthropic-3";
import { createOpenAI } from "ai-sdk-openai-3";
import { askAiSdk } from "../ai-scenarios.mjs";
import { startLog } from "../span-log.mjs";

export const libraries = ["ai-6", "ai-sdk-openai-3", "ai-sdk-anthropic-3"];

export async function record(provider) {
  const { log } = startLog();
  const openai = createOpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl });
  // It refuses the `null` that the API sends where there are no citations.
  const withoutNull = async (url, init) => {
    const text = await (await fetch(url, init)).text();
    return new Response(text.replaceAll(',"citations":null', ""), {
      headers: { "content-type": "application/json" },
    });
  };
  const anthropic = createAnthropic({
    apiKey: "sk-ant-test",
    baseURL: `${provider.anthropicBaseUrl}/v1`,
    fetch: withoutNull,
  });
  const telemetry = (functionId) => ({
    experimental_telemetry: { isEnabled: true, ...(functionId && { functionId }) },
  });
  await askAiSdk({ ai, openai, anthropic, provider, telemetry });
  return log.spans();
}
