import type { TokenUsage } from "../token-usage.ts";
import { count, type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads `usage` as Mistral's client gives it, in camel case; fields that the client does not know keep the provider's names.
 * `promptTokens` includes cached tokens.
 *
 * @returns `undefined` when there is no usable usage. The client writes 0 for each count that the answer does not have, so a
 *   usage of zeros says nothing either. Never throws.
 */
export function readMistralUsage(usage: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const details = property(usage, "promptTokensDetails") ?? property(usage, "prompt_tokens_details");
  const input = property(usage, "promptTokens");
  const output = property(usage, "completionTokens");
  if (count("input", input) === 0 && count("output", output) === 0) return undefined;
  return usageFrom(
    {
      input,
      output,
      cacheRead:
        property(details, "cachedTokens") ??
        property(details, "cached_tokens") ??
        property(usage, "num_cached_tokens"),
    },
    onInvalid,
  );
}
