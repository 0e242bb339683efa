import type { ModelPrice } from "./model-price.ts";
import { defaultPrices, type Prices } from "./prices.ts";
import type { TokenUsage } from "./token-usage.ts";

/** A finished model call, as far as its price depends on it. */
export interface PricedCall {
  /** `gen_ai.provider.name`, or what other libraries call it. Without it the model's name decides. */
  readonly provider?: string | undefined;
  /** The model that answered, or, where nobody said, the one that was asked for. */
  readonly model: string;
  /**
   * The model or deployment that was asked for. A price of the user's own for it counts, and so does its list price when
   * `model` has none.
   */
  readonly requestModel?: string | undefined;
  readonly usage: TokenUsage;
  /** When the call started, milliseconds since the epoch; picks the prices in force. @default now */
  readonly atMs?: number | undefined;
}

/**
 * Estimates what one model call cost at list prices (or the user's own): no batch or priority tier, no discount.
 *
 * @returns Integer nano-dollars (1e-9 USD), rounded once, half away from zero. `undefined` when the price is not known or
 *   the usage does not add up: unknown is not free, so callers leave the cost off the span instead of writing 0. No number
 *   makes it throw.
 */
export function estimateCost(call: PricedCall, prices: Prices = defaultPrices): number | undefined {
  return priceOf(call, prices)?.nanoUsd(call.usage, call.atMs);
}

function priceOf({ provider, model, requestModel }: PricedCall, prices: Prices): ModelPrice | undefined {
  const answered = prices.modelPrice(provider, model);
  if (requestModel === undefined || requestModel === model || answered?.source === "own") return answered;
  const asked = prices.modelPrice(provider, requestModel);
  return asked?.source === "own" ? asked : (answered ?? asked);
}
