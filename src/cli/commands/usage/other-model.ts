import { costAtRates } from "../../../cost/cost-at-rates.ts";
import { readPriceFile } from "../../../cost/price-file.ts";
import { type Prices, priceTable } from "../../../cost/prices.ts";
import type { UsageTotal } from "../../../spend/usage/usage-total.ts";
import { CliError, UsageError } from "../../cli-error.ts";

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
  const costAt = costAtRates(price);
  return ({ calls, detail }) => {
    const nanoUsd = detail && costAt({ calls, ...detail });
    return nanoUsd === undefined ? undefined : nanoUsd / 1e9;
  };
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
