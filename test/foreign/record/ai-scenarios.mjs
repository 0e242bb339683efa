// What the AI SDK is asked to do, in its version 6 and 7. Only the names of the telemetry options differ.
import { z } from "zod";
import { readAll } from "./scenarios.mjs";

const OPENAI_USAGE = { input: 1_000, output: 50, cacheRead: 600, reasoning: 30 };
const prompt = "What is new?";

export async function askAiSdk({ ai, openai, anthropic, provider, telemetry }) {
  const chat = openai.chat("gpt-4o-mini");
  await ai.generateText({ model: chat, prompt, ...telemetry() });
  await ai.generateText({ model: openai.responses("gpt-5"), prompt, ...telemetry("writer") });
  await ai.generateText({ model: anthropic("claude-sonnet-5"), prompt, maxOutputTokens: 64, ...telemetry() });
  await readAll(ai.streamText({ model: chat, prompt, ...telemetry("writer") }).textStream);
  provider.queue({ usage: OPENAI_USAGE, text: '{"answer":"nothing"}' });
  await ai.generateObject({ model: chat, prompt, schema: z.object({ answer: z.string() }), ...telemetry() });
  await ai.embed({
    model: openai.textEmbeddingModel("text-embedding-3-small"),
    value: prompt,
    ...telemetry(),
  });
  await ai.embedMany({
    model: openai.textEmbeddingModel("text-embedding-3-small"),
    values: [prompt, "Anything?"],
    ...telemetry(),
  });
  provider.queue({ usage: OPENAI_USAGE, toolCalls: [{ name: "search", arguments: { q: "news" } }] });
  const search = ai.tool({ inputSchema: z.object({ q: z.string() }), execute: async () => "nothing" });
  const stopWhen = (ai.stepCountIs ?? ai.isStepCount)(3);
  await ai.generateText({ model: chat, prompt, tools: { search }, stopWhen, ...telemetry("writer") });
  provider.queue({ fail: { status: 401 } });
  await ai.generateText({ model: chat, prompt, maxRetries: 0, ...telemetry() }).catch(() => {});
  provider.queue({ fail: { status: 500, retryAfterMs: 1 } });
  await ai.generateText({ model: chat, prompt, maxRetries: 1, ...telemetry() });
}
