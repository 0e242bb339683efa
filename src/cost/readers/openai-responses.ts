import type { TokenUsage } from "../token-usage.ts";
import { type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads `usage` of the Responses API. `input_tokens` includes cached tokens, `output_tokens` includes reasoning.
 * Cache writes of every life (30 minutes, 12 hours) have one price there, so they stay one number.
 *
 * @returns `undefined` when there is no usable usage. Never throws.
 */
export function readOpenAiResponsesUsage(usage: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const inputDetails = property(usage, "input_tokens_details");
  const outputDetails = property(usage, "output_tokens_details");
  return usageFrom(
    {
      input: property(usage, "input_tokens"),
      output: property(usage, "output_tokens"),
      cacheRead: property(inputDetails, "cached_tokens"),
      cacheWrite: property(inputDetails, "cache_write_tokens"),
      inputAudio: property(inputDetails, "audio_tokens"),
      reasoning: property(outputDetails, "reasoning_tokens"),
      outputAudio: property(outputDetails, "audio_tokens"),
    },
    onInvalid,
  );
}
