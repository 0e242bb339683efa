/** The `usage` of an answer, as OpenAI and Anthropic give it, or the number itself. */
export type InputUsage =
  | number
  | { readonly prompt_tokens: number }
  | {
      readonly input_tokens: number;
      readonly cache_read_input_tokens?: number | null;
      readonly cache_creation_input_tokens?: number | null;
    };

/**
 * @returns All tokens of the request: Anthropic's `input_tokens` are those that no cache had part in.
 * @throws TypeError where it is no usage.
 */
export function inputTokens(usage: InputUsage): number {
  const total = typeof usage === "number" ? usage : sum(usage);
  if (Number.isFinite(total) && total >= 0) return Math.ceil(total);
  throw new TypeError(
    "windowMemory: recalibrate takes a number of tokens, or usage with prompt_tokens or input_tokens",
  );
}

function sum(usage: Exclude<InputUsage, number>): number {
  if (typeof usage !== "object" || usage === null) return Number.NaN;
  if ("prompt_tokens" in usage) return usage.prompt_tokens;
  return usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
}
