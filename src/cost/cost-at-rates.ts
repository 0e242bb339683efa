import type { ModelPrice } from "./model-price.ts";
import type { TokenUsage } from "./token-usage.ts";

/** Nano-dollars for so many tokens are picodollars for one. Below every size at which requests get dearer. */
const TOKENS = 1_000;

/** Tokens of several calls, added up. Parts are in their whole, as in TokenUsage. */
export interface TokenSums {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
}

/** Integer nano-dollars; `undefined`: some of it has no price. */
export type CostAtRates = (sums: TokenSums) => number | undefined;

/**
 * What calls that were made would have cost at the price of a model.
 *
 * By rates: the price of a sum of tokens would be that of one huge request. Parts are what they cost more or less than their whole, as
 * in the price of a call.
 */
export function costAtRates(price: ModelPrice): CostAtRates {
  const pico = (usage: Partial<TokenUsage>) => price.nanoUsd({ input: 0, output: 0, ...usage });
  const request = pico({}) ?? 0;
  const rate = (usage: Partial<TokenUsage>, whole = request) => {
    const cost = pico(usage);
    return cost === undefined ? undefined : cost - whole;
  };
  const input = rate({ input: TOKENS });
  const output = rate({ output: TOKENS });
  const read = rate({ input: TOKENS, cacheRead: TOKENS }, request + (input ?? 0));
  const write = rate({ input: TOKENS, cacheWrite5m: TOKENS }, request + (input ?? 0));
  const reasoning = rate({ output: TOKENS, reasoning: TOKENS }, request + (output ?? 0));
  return (sums) => {
    const parts = [
      [sums.inputTokens, input],
      [sums.outputTokens, output],
      [sums.cacheReadTokens, read],
      [sums.cacheWriteTokens, write],
      [sums.reasoningTokens, reasoning],
    ] as const;
    let sum = sums.calls * request * TOKENS;
    for (const [tokens, each] of parts) {
      if (tokens > 0 && each === undefined) return undefined;
      sum += tokens * (each ?? 0);
    }
    // Sums of parts that were each told alone can be odd ones: nothing costs less than nothing.
    return Math.max(0, Math.round(sum / TOKENS));
  };
}
