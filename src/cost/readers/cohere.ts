import type { TokenUsage } from "../token-usage.ts";
import { count, type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads `usage` of Cohere's second API, or `meta` of its first, as its client gives them. Cohere bills fewer tokens than the
 * model sees; the GenAI conventions want the billed ones. Where it says nothing of billing, those that the model saw count.
 *
 * @returns `undefined` when there is no usable usage. Never throws.
 */
export function readCohereUsage(usage: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const billed = property(usage, "billedUnits");
  const tokens = property(billed, "inputTokens") === undefined ? property(usage, "tokens") : billed;
  const input = property(tokens, "inputTokens");
  const cached = count("cacheRead", property(usage, "cachedTokens"), onInvalid);
  return usageFrom(
    {
      input,
      output: property(tokens, "outputTokens"),
      // Counted among what the model saw, so it may be more than what is billed.
      cacheRead: cached !== undefined && cached <= (count("input", input) ?? 0) ? cached : undefined,
    },
    onInvalid,
  );
}
