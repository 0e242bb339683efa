import type { MessageDeltaUsage, Usage } from "@anthropic-ai/sdk/resources/messages";
import type { Reply } from "../reply.ts";

/** Anthropic's `input_tokens` are those neither read from a cache nor written to one; ours has them all. */
export function messageUsage(reply: Reply): Usage | undefined {
  const usage = reply.usage;
  if (usage === undefined) return undefined;
  const { cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  return {
    input_tokens: usage.input - cacheRead - cacheWrite5m - cacheWrite1h,
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    output_tokens: usage.output,
    output_tokens_details: usage.reasoning === undefined ? null : { thinking_tokens: usage.reasoning },
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
    ...reply.wireUsage,
  };
}

/** At the start of a stream the input is known and the output is not: Anthropic says one token. */
export function startUsage(reply: Reply): Usage | undefined {
  const usage = messageUsage(reply);
  return usage && { ...usage, output_tokens: Math.min(1, usage.output_tokens), output_tokens_details: null };
}

/** At the end, running totals of the whole message. How long cache entries live stands in `message_start` alone. */
export function deltaUsage(reply: Reply): MessageDeltaUsage | undefined {
  const usage = messageUsage(reply);
  if (usage === undefined) return undefined;
  const { cache_creation, service_tier, inference_geo, speed, ...totals } = usage;
  return totals;
}
