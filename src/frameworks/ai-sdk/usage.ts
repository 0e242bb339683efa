import { property, usageFrom } from "../../cost/readers/raw-usage.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";

/**
 * Reads the AI SDK's usage: as models give it (`inputTokens.total`) or as its events have it (`inputTokens`, `inputTokenDetails`). Both
 * include cached tokens and reasoning, whatever the provider. What it does not name is read from the provider's own words in `raw`.
 *
 * @returns `undefined` where the provider reported none: the AI SDK then has no counts. Never throws.
 */
export function readAiSdkUsage(usage: unknown): TokenUsage | undefined {
  const raw = property(usage, "raw");
  const [input, inputParts] = counted(usage, "inputTokens", "inputTokenDetails");
  const [output, outputParts] = counted(usage, "outputTokens", "outputTokenDetails");
  return usageFrom({
    input,
    output,
    cacheRead: property(inputParts, "cacheRead") ?? property(inputParts, "cacheReadTokens"),
    cacheWrite: property(inputParts, "cacheWrite") ?? property(inputParts, "cacheWriteTokens"),
    // Anthropic bills it higher.
    cacheWrite1h: property(property(raw, "cache_creation"), "ephemeral_1h_input_tokens"),
    reasoning: property(outputParts, "reasoning") ?? property(outputParts, "reasoningTokens"),
    inputAudio: property(property(raw, "prompt_tokens_details"), "audio_tokens"),
    outputAudio: property(property(raw, "completion_tokens_details"), "audio_tokens"),
  });
}

/** The AI SDK counts an embedding without usage as NaN, which is no count. */
export function readEmbeddingUsage(usage: unknown): TokenUsage | undefined {
  return usageFrom({ input: property(usage, "tokens"), output: 0 });
}

/** @returns The whole, and where its parts stand. */
function counted(usage: unknown, name: string, details: string): readonly [whole: unknown, parts: unknown] {
  const value = property(usage, name);
  return typeof value === "object" && value !== null
    ? [property(value, "total"), value]
    : [value, property(usage, details)];
}
