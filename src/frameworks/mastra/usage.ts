import { property, usageFrom } from "../../cost/readers/raw-usage.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";

/** Reads Mastra's `UsageStats`: cached and written tokens are inside of the input, reasoning inside of the output. Never throws. */
export function readMastraUsage(usage: unknown): TokenUsage | undefined {
  const input = property(usage, "inputDetails");
  const output = property(usage, "outputDetails");
  return usageFrom({
    input: property(usage, "inputTokens"),
    output: property(usage, "outputTokens"),
    cacheRead: property(input, "cacheRead"),
    cacheWrite: property(input, "cacheWrite"),
    cacheWrite5m: property(input, "cacheWrite5m"),
    cacheWrite1h: property(input, "cacheWrite1h"),
    inputAudio: property(input, "audio"),
    reasoning: property(output, "reasoning"),
    outputAudio: property(output, "audio"),
  });
}
