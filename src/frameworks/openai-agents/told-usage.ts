import { readOpenAiChatUsage } from "../../cost/readers/openai-chat.ts";
import { readOpenAiResponsesUsage } from "../../cost/readers/openai-responses.ts";
import { usageFrom } from "../../cost/readers/raw-usage.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";
import { field } from "../../instrumentation/fields.ts";

/** Of the SDK's `Usage`: of one request, whose details are an object or a list of one. `input` includes cached tokens. */
export function usageOfResponse(usage: unknown): TokenUsage | undefined {
  const input = detailsOf(usage, "inputTokensDetails");
  const output = detailsOf(usage, "outputTokensDetails");
  return said(
    usageFrom({
      input: field(usage, "inputTokens"),
      output: field(usage, "outputTokens"),
      cacheRead: field(input, "cached_tokens"),
      cacheWrite: field(input, "cache_write_tokens"),
      inputAudio: field(input, "audio_tokens"),
      reasoning: field(output, "reasoning_tokens"),
      outputAudio: field(output, "audio_tokens"),
    }),
  );
}

/** Of a response or generation span: the provider's own usage, in whichever protocol. */
export function usageOfSpan(...usages: readonly unknown[]): TokenUsage | undefined {
  for (const usage of usages) {
    const read = said(readOpenAiResponsesUsage(usage) ?? readOpenAiChatUsage(usage));
    if (read !== undefined) return read;
  }
  return undefined;
}

/** Where a provider told of none, the SDK writes noughts. */
function said(usage: TokenUsage | undefined): TokenUsage | undefined {
  return usage === undefined || usage.input + usage.output === 0 ? undefined : usage;
}

function detailsOf(usage: unknown, name: string): unknown {
  const details = field(usage, name);
  return Array.isArray(details) ? details[0] : details;
}
