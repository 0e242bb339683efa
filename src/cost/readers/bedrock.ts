import type { TokenUsage } from "../token-usage.ts";
import { count, type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads `usage` of Bedrock's Converse. Its `inputTokens` leaves out what was read from and written to the cache; the GenAI
 * conventions want the sum.
 *
 * @returns `undefined` when there is no usable usage. Never throws.
 */
export function readBedrockUsage(usage: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const uncached = count("input", property(usage, "inputTokens"), onInvalid);
  if (uncached === undefined) return undefined;
  const cacheRead = count("cacheRead", property(usage, "cacheReadInputTokens"), onInvalid);
  const cacheWrite = count("cacheWrite", property(usage, "cacheWriteInputTokens"), onInvalid);
  return usageFrom(
    {
      input: uncached + (cacheRead ?? 0) + (cacheWrite ?? 0),
      output: property(usage, "outputTokens"),
      cacheRead,
      cacheWrite,
      cacheWrite1h: writtenFor(property(usage, "cacheDetails"), "1h"),
    },
    onInvalid,
  );
}

function writtenFor(details: unknown, ttl: string): unknown {
  if (!Array.isArray(details)) return undefined;
  return property(
    details.find((detail) => property(detail, "ttl") === ttl),
    "inputTokens",
  );
}

/** Reads the metrics that Bedrock adds to the last chunk of `InvokeModelWithResponseStream`, whatever the model. */
export function readBedrockInvocation(metrics: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  return readBedrockUsage(
    {
      inputTokens: property(metrics, "inputTokenCount"),
      outputTokens: property(metrics, "outputTokenCount"),
      cacheReadInputTokens: property(metrics, "cacheReadInputTokenCount"),
      cacheWriteInputTokens: property(metrics, "cacheWriteInputTokenCount"),
    },
    onInvalid,
  );
}
