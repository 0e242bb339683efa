import type { ModelPrice } from "../../../cost/model-price.ts";
import { readPriceFile } from "../../../cost/price-file.ts";
import { type Prices, priceTable } from "../../../cost/prices.ts";
import type { TokenUsage } from "../../../cost/token-usage.ts";
import type { UsageTotal } from "../../../spend/usage/usage-total.ts";
import { CliError, UsageError } from "../../cli-error.ts";

/** Nano-dollars for so many tokens are picodollars for one. Below every size at which requests get dearer. */
const TOKENS = 1_000;
const PICO = 1e12;

/** What calls that were made would have cost on another model, in US dollars; `undefined`: not known. */
export type OtherModel = (total: UsageTotal) => number | undefined;

/**
 * @param model As providers name it, or `provider/model`.
 * @throws UsageError where it has no price, CliError on a bad file of prices.
 */
export function otherModel(model: string, env: NodeJS.ProcessEnv = process.env): OtherModel {
  const price = pricesOf(env).modelPrice(undefined, model);
  if (price === undefined)
    throw new UsageError(
      `there is no price for the model "${model}": check its name, or give a price in the file that AGENT_OTEL_PRICES names`,
    );
  return costAt(price);
}

function pricesOf(env: NodeJS.ProcessEnv): Prices {
  const path = env["AGENT_OTEL_PRICES"]?.trim();
  if (path === undefined || path === "") return priceTable();
  try {
    return readPriceFile(path);
  } catch (error) {
    throw new CliError((error as Error).message, { cause: error });
  }
}

/**
 * By rates: the price of a sum of tokens would be that of one huge request. Parts are what they cost more or less than their whole, as
 * in the price of a call.
 */
function costAt(price: ModelPrice): OtherModel {
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
  return ({ calls, detail }) => {
    if (detail === undefined) return undefined;
    const parts = [
      [detail.inputTokens, input],
      [detail.outputTokens, output],
      [detail.cacheReadTokens, read],
      [detail.cacheWriteTokens, write],
      [detail.reasoningTokens, reasoning],
    ] as const;
    let sum = calls * request * TOKENS;
    for (const [tokens, each] of parts) {
      if (tokens > 0 && each === undefined) return undefined;
      sum += tokens * (each ?? 0);
    }
    // To whole nano-dollars, as everywhere.
    return Math.round((sum / PICO) * 1e9) / 1e9;
  };
}
