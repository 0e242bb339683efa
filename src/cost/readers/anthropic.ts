import type { TokenUsage } from "../token-usage.ts";
import { count, type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads `usage` of an Anthropic message. Its `input_tokens` leaves out what was read from and written to the cache;
 * the GenAI conventions want the sum. `output_tokens` includes thinking.
 *
 * For a stream, give the usage of `message_start` overwritten by the counts of `message_delta` that are not null.
 *
 * @returns `undefined` when there is no usable usage. Never throws.
 */
export function readAnthropicUsage(usage: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const creation = property(usage, "cache_creation");
  const uncached = count("input", property(usage, "input_tokens"), onInvalid);
  const cacheRead = count("cacheRead", property(usage, "cache_read_input_tokens"), onInvalid);
  const cacheWrite5m = count("cacheWrite5m", property(creation, "ephemeral_5m_input_tokens"), onInvalid);
  const cacheWrite1h = count("cacheWrite1h", property(creation, "ephemeral_1h_input_tokens"), onInvalid);
  const cacheWrite =
    count("cacheWrite", property(usage, "cache_creation_input_tokens"), onInvalid) ??
    sum(cacheWrite5m, cacheWrite1h);
  if (uncached === undefined) return undefined;
  return usageFrom(
    {
      input: uncached + (cacheRead ?? 0) + (cacheWrite ?? 0),
      output: property(usage, "output_tokens"),
      cacheRead,
      cacheWrite,
      cacheWrite1h,
      reasoning: property(property(usage, "output_tokens_details"), "thinking_tokens"),
    },
    onInvalid,
  );
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}
