import type { ModelCallIntent } from "../agent/call-guard.ts";
import { estimateCost } from "../cost/estimate-cost.ts";
import type { TokenUsage } from "../cost/token-usage.ts";

/**
 * - `priced`: the most that the call can cost, integer nano-dollars.
 * - `unbounded`: its price is known, and nothing says how long its answer may be.
 * - `unpriced`: nobody knows what it costs.
 */
export type MaxCost =
  | { readonly kind: "priced"; readonly nanoUsd: number }
  | { readonly kind: "unbounded" }
  | { readonly kind: "unpriced" };

/** Input at its dearest, which is written to a cache of an hour, and an answer as long as the request allows. */
export function maxCost({ provider, model, maxOutputTokens, inputTokensBound }: ModelCallIntent): MaxCost {
  // A model of embeddings has no price for an answer, and needs none.
  const answers = maxOutputTokens !== 0;
  if (model === undefined || !isPriced(provider, model, answers)) return { kind: "unpriced" };
  const input = inputTokensBound();
  if (input === undefined || maxOutputTokens === undefined) return { kind: "unbounded" };
  const output = Math.ceil(Math.max(0, maxOutputTokens));
  const costs = [
    { input, output },
    { input, output, cacheWrite1h: input },
  ].map((usage: TokenUsage) => estimateCost({ provider, model, usage }) ?? 0);
  return { kind: "priced", nanoUsd: Math.max(...costs) };
}

function isPriced(provider: string | undefined, model: string, answers: boolean): boolean {
  return estimateCost({ provider, model, usage: { input: 1, output: answers ? 1 : 0 } }) !== undefined;
}

/** What an answer costs that has come so far, with the input as large as it can be; integer nano-dollars. */
export function costSoFar({ provider, model, inputTokensBound }: ModelCallIntent, output: number): number {
  if (model === undefined) return 0;
  return estimateCost({ provider, model, usage: { input: inputTokensBound() ?? 0, output } }) ?? 0;
}
