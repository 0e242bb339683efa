import { picoPerToken } from "./compile-price.ts";
import { libraryPrice } from "./library-price.ts";
import { ModelCache } from "./model-cache.ts";
import { CompiledPrice, type ModelPrice, type PriceRow } from "./model-price.ts";
import {
  keysOf,
  type PriceInput,
  type PriceTableInput,
  type PriceTableRow,
  parsePriceTable,
} from "./price-table-input.ts";
import { libraryProviderId } from "./provider-names.ts";
import type { TokenUsage } from "./token-usage.ts";

/** Where prices come from. */
export interface Prices {
  /** @returns `undefined` when the price is not known. */
  modelPrice(provider: string | undefined, model: string): ModelPrice | undefined;
}

/** Longer names are nobody's model, and would fill the cache. */
export const MAX_NAME_LENGTH = 256;
const MAX_MODELS = 2_000;

/**
 * Prices of the user's own, before those of the price library. `azure/my-deployment` wins over `my-deployment`, and
 * `gpt-4o` also prices its dated releases (`gpt-4o-2024-08-06`) unless they have a price of their own. A call before the
 * first row's day costs what the library says.
 *
 * @param input US dollars per million tokens, by model or provider/model.
 * @param source Starts the messages of errors. @default "prices"
 * @throws TypeError or RangeError naming model, field and value.
 */
export function priceTable(input: PriceTableInput = {}, source = "prices"): Prices {
  return new PriceTable(parsePriceTable(input, source));
}

class PriceTable implements Prices {
  readonly #rows: ReadonlyMap<string, readonly PriceTableRow[]>;
  readonly #found = new ModelCache<ModelPrice | null>(MAX_MODELS);

  constructor(rows: ReadonlyMap<string, readonly PriceTableRow[]>) {
    this.#rows = rows;
  }

  modelPrice(provider: string | undefined, model: string): ModelPrice | undefined {
    const found = this.#found.get(provider ?? "", model);
    return found === undefined ? this.#find(provider, model) : (found ?? undefined);
  }

  #find(provider: string | undefined, model: string): ModelPrice | undefined {
    if (!isName(model) || !(provider === undefined || isName(provider))) return undefined;
    const own = this.#ownRows(provider, model);
    const price = own ? ownPrice(own, () => libraryPrice(provider, model)) : libraryPrice(provider, model);
    this.#found.set(provider ?? "", model, price ?? null);
    return price;
  }

  #ownRows(provider: string | undefined, model: string): readonly PriceTableRow[] | undefined {
    if (this.#rows.size === 0) return undefined;
    const name = model.trim().toLowerCase();
    const release = name.replace(/[-@](?:\d{4}-\d{2}-\d{2}|\d{8})$/, "");
    for (const candidate of [name, release]) {
      const qualified = provider === undefined ? [] : [`${libraryProviderId(provider)}/${candidate}`];
      for (const key of [...qualified, ...keysOf(candidate)]) {
        const rows = this.#rows.get(key);
        if (rows !== undefined) return rows;
      }
    }
    return undefined;
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_NAME_LENGTH;
}

function ownPrice(rows: readonly PriceTableRow[], earlier: () => ModelPrice | undefined): ModelPrice {
  const price = new CompiledPrice(rows.map(compileRow), "own");
  const fromMs = rows[0]!.fromMs;
  return fromMs === Number.NEGATIVE_INFINITY ? price : new PriceSince(fromMs, price, earlier());
}

function compileRow({ fromMs, price }: PriceTableRow): PriceRow {
  const { input, output, cacheRead = input, cacheWrite5m = input, inputAudio = input } = price;
  const { cacheWrite1h = cacheWrite5m, outputAudio = output } = price;
  const rate = (usd: PriceInput["output"]) => picoPerToken(usd) ?? 0;
  const rates = {
    input: rate(input),
    output: picoPerToken(output),
    cacheRead: rate(cacheRead),
    cacheWrite5m: rate(cacheWrite5m),
    cacheWrite1h: rate(cacheWrite1h),
    inputAudio: rate(inputAudio),
    // A discount for cached tokens is not known to hold for audio, nor the other way round: the dearer one is safe.
    cachedAudio: price.inputAudio === undefined ? rate(cacheRead) : rate(Math.max(inputAudio, cacheRead)),
    reasoning: rate(output),
    outputAudio: rate(outputAudio),
    request: 0,
  };
  return { inForce: { kind: "from", ms: fromMs }, tiers: [{ above: -1, rates }] };
}

class PriceSince implements ModelPrice {
  readonly source = "own";
  readonly #fromMs: number;
  readonly #price: ModelPrice;
  readonly #earlier: ModelPrice | undefined;

  constructor(fromMs: number, price: ModelPrice, earlier: ModelPrice | undefined) {
    this.#fromMs = fromMs;
    this.#price = price;
    this.#earlier = earlier;
  }

  nanoUsd(usage: TokenUsage, atMs = Date.now()): number | undefined {
    return atMs < this.#fromMs ? this.#earlier?.nanoUsd(usage, atMs) : this.#price.nanoUsd(usage, atMs);
  }
}

/** The prices that count where none are given. */
export interface DefaultPrices extends Prices {
  /** Replaces the prices for every later call; without an argument, back to the price library alone. */
  use(prices?: Prices): void;
}

/** The process-wide prices: the price library, until `use` brings prices of the user's own. */
export const defaultPrices: DefaultPrices = createDefaultPrices();

function createDefaultPrices(): DefaultPrices {
  let current = priceTable();
  return {
    modelPrice: (provider, model) => current.modelPrice(provider, model),
    use(prices = priceTable()) {
      current = prices;
    },
  };
}
