import type { Provider } from "@pydantic/genai-prices";
import { compilePrice } from "./compile-price.ts";
import { cachedAudioOf, type ModelPrice, toNanoUsd } from "./model-price.ts";
import { type PriceLibrary, priceLibrary } from "./price-library.ts";
import { hasOwnPrices, libraryProviderId } from "./provider-names.ts";
import type { TokenUsage } from "./token-usage.ts";

/** Model ids of Amazon Bedrock: an optional region, the maker, a dot, the model. */
const BEDROCK_MODEL =
  /^(?:(?:us|us-gov|eu|apac|ap|jp|au|ca|global)\.)?(?:ai21|amazon|anthropic|cohere|deepseek|meta|mistral|openai|qwen|writer)\./;

/** `deepseek-r1:14b` is a download that runs on the user's own machine, not the maker's API. */
const LOCAL_MODEL = /:(?:latest|[\d.]+[bm])(?:-|$)/;

/**
 * The list price of a model.
 *
 * A provider that the library knows is taken at its word: a model that it does not list there has no price. A provider
 * that it does not know is most likely a gateway, which passes on the price of the model's maker, so that one counts;
 * hosts with prices of their own are excepted.
 */
export function libraryPrice(provider: string | undefined, model: string): ModelPrice | undefined {
  if (provider !== undefined && hasOwnPrices(provider)) return undefined;
  const library = priceLibrary();
  if (library === undefined) return undefined;
  const name = bareModel(model);
  const found =
    (provider === undefined ? undefined : knownProvider(library, provider)) ?? providerByModel(library, name);
  if (found === undefined) return undefined;
  return priceFrom(library, found, name) ?? priceFrom(library, found, withoutPrefix(found, name));
}

/** The provider whose model this is, judged by its name alone. */
export function providerByModel(library: PriceLibrary, model: string): Provider | undefined {
  const name = model.toLowerCase();
  if (LOCAL_MODEL.test(name)) return undefined;
  if (BEDROCK_MODEL.test(name)) return library.findProvider({ providerId: "aws" });
  const slash = name.indexOf("/");
  const prefixed = slash > 0 ? knownProvider(library, name.slice(0, slash)) : undefined;
  return prefixed ?? library.findProvider({ modelId: name });
}

function knownProvider(library: PriceLibrary, provider: string): Provider | undefined {
  const id = libraryProviderId(provider);
  // The AI SDK adds the kind of model: `groq.chat`.
  return library.findProvider({ providerId: id }) ?? library.findProvider({ providerId: id.split(".")[0]! });
}

function priceFrom(library: PriceLibrary, provider: Provider, model: string): ModelPrice | undefined {
  try {
    const match = library.calcPrice({}, model, { providerId: provider.id });
    if (match === null) return undefined;
    return compilePrice(match.model) ?? new UncompiledPrice(library, provider.id, model);
  } catch {
    return undefined;
  }
}

/** Google names models by path: `models/gemini-2.5-pro`, `publishers/anthropic/models/claude-sonnet-4`. */
export function bareModel(model: string): string {
  return model.trim().replace(/^(?:.*\/)?models\//, "");
}

/** Gateways name models `openai/gpt-4o`; the maker's own list has `gpt-4o`. */
function withoutPrefix(provider: Provider, model: string): string {
  const slash = model.indexOf("/");
  return slash > 0 && libraryProviderId(model.slice(0, slash)) === provider.id
    ? model.slice(slash + 1)
    : model;
}

/** Asks the library at every call, some ten microseconds, for what cannot be compiled. */
export class UncompiledPrice implements ModelPrice {
  readonly source = "list";
  readonly #library: PriceLibrary;
  readonly #providerId: string;
  readonly #model: string;

  constructor(library: PriceLibrary, providerId: string, model: string) {
    this.#library = library;
    this.#providerId = providerId;
    this.#model = model;
  }

  nanoUsd(usage: TokenUsage, atMs = Date.now()): number | undefined {
    try {
      const options = { providerId: this.#providerId, timestamp: new Date(atMs) };
      const price = this.#library.calcPrice(libraryUsage(usage), this.#model, options);
      if (price === null || !isPriced(usage, price.model_price)) return undefined;
      return toNanoUsd(price.total_price * 1e12);
    } catch {
      // The library refuses usage that does not add up.
      return undefined;
    }
  }
}

/** The library calls tokens without a price free. */
function isPriced(usage: TokenUsage, prices: object): boolean {
  const input = "input_mtok" in prices;
  const output = "output_mtok" in prices;
  return (input || output) && (input || usage.input === 0) && (output || usage.output === 0);
}

/** TokenUsage in the library's words. */
export function libraryUsage(usage: TokenUsage): Record<string, number> {
  const { cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  return {
    input_tokens: usage.input,
    cache_read_tokens: usage.cacheRead ?? 0,
    cache_write_tokens: cacheWrite5m + cacheWrite1h,
    cache_write_5m_tokens: cacheWrite5m,
    cache_write_1h_tokens: cacheWrite1h,
    input_audio_tokens: usage.inputAudio ?? 0,
    cache_audio_read_tokens: cachedAudioOf(usage),
    output_tokens: usage.output,
    output_reasoning_tokens: usage.reasoning ?? 0,
    output_audio_tokens: usage.outputAudio ?? 0,
  };
}
