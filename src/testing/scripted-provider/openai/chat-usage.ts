import type { CompletionUsage } from "openai/resources/completions";
import type { TokenUsage } from "../../../cost/token-usage.ts";
import type { Reply } from "../reply.ts";

/** The usage object of chat completions, or `undefined` where the script sends none. */
export function chatUsage(reply: Reply): CompletionUsage | undefined {
  return reply.usage && { ...completionUsage(reply.usage), ...reply.wireUsage };
}

function completionUsage(usage: TokenUsage): CompletionUsage {
  const written = cacheWritten(usage);
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead ?? 0,
      audio_tokens: usage.inputAudio ?? 0,
      ...(written === undefined ? {} : { cache_write_tokens: written }),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning ?? 0,
      audio_tokens: usage.outputAudio ?? 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function cacheWritten(usage: TokenUsage): number | undefined {
  if (usage.cacheWrite5m === undefined && usage.cacheWrite1h === undefined) return undefined;
  return (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0);
}
