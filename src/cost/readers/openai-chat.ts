import type { TokenUsage } from "../token-usage.ts";
import { count, type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads `usage` of a chat completion, a legacy completion or an embedding, from OpenAI and those who speak its dialect
 * (Azure, DeepSeek, Groq, Mistral, Moonshot, OpenRouter, xAI).
 *
 * `prompt_tokens` includes cached tokens and `completion_tokens` includes reasoning; xAI alone keeps reasoning apart,
 * which shows in `total_tokens`.
 *
 * @returns `undefined` when there is no usable usage. Never throws.
 */
export function readOpenAiChatUsage(usage: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const input = property(usage, "prompt_tokens");
  const inputDetails = property(usage, "prompt_tokens_details");
  const outputDetails = property(usage, "completion_tokens_details");
  return usageFrom(
    {
      input,
      output: outputWithReasoning(usage, input, outputDetails),
      // Older DeepSeek and Moonshot answers have the count at the top.
      cacheRead:
        property(inputDetails, "cached_tokens") ??
        property(usage, "prompt_cache_hit_tokens") ??
        property(usage, "cached_tokens"),
      cacheWrite: property(inputDetails, "cache_write_tokens"),
      inputAudio: property(inputDetails, "audio_tokens"),
      reasoning: property(outputDetails, "reasoning_tokens"),
      outputAudio: property(outputDetails, "audio_tokens"),
    },
    onInvalid,
  );
}

function outputWithReasoning(usage: unknown, input: unknown, outputDetails: unknown): unknown {
  const output = property(usage, "completion_tokens");
  const prompt = count("input", input);
  const completion = count("output", output);
  const reasoning = count("reasoning", property(outputDetails, "reasoning_tokens"));
  if (prompt === undefined || completion === undefined || reasoning === undefined) return output;
  const apart = property(usage, "total_tokens") === prompt + completion + reasoning;
  return apart ? completion + reasoning : output;
}
