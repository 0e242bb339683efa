import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import type { ScriptedProvider } from "../../src/testing/scripted-provider.ts";

/** The real clients. They do not retry unless told to: most tests want to see the first failure. */
export function openaiFor(provider: ScriptedProvider, maxRetries = 0): OpenAI {
  return new OpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl, maxRetries });
}

export function anthropicFor(provider: ScriptedProvider, maxRetries = 0): Anthropic {
  return new Anthropic({ apiKey: "sk-ant-test", baseURL: provider.anthropicBaseUrl, maxRetries });
}

export const chatRequest = {
  model: "gpt-4o-mini",
  messages: [{ role: "user" as const, content: "12345678" }],
};

export const messageRequest = {
  model: "claude-sonnet-5",
  max_tokens: 1024,
  messages: [{ role: "user" as const, content: "12345678" }],
};

export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
