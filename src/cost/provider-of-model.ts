import { bareModel, providerByModel } from "./library-price.ts";
import { ModelCache } from "./model-cache.ts";
import { priceLibrary } from "./price-library.ts";
import { MAX_NAME_LENGTH } from "./prices.ts";
import { conventionProviderName } from "./provider-names.ts";

/** Process-wide, because what it holds follows from the price library alone. */
const cache = new ModelCache<string | null>(2_000);

/**
 * Whose model this is, as a value of `gen_ai.provider.name`: `gpt-4o` is `openai`, `openai/gpt-4o` too, and
 * `anthropic.claude-sonnet-4-20250514-v1:0` is `aws.bedrock`. A guess from the name, for when nobody said.
 *
 * @returns `undefined` when no provider claims such names. Loads the price library at the first call.
 */
export function providerOfModel(model: string): string | undefined {
  if (typeof model !== "string" || model === "" || model.length > MAX_NAME_LENGTH) return undefined;
  let provider = cache.get("", model);
  if (provider === undefined) {
    const library = priceLibrary();
    const found = library && providerByModel(library, bareModel(model));
    provider = found ? conventionProviderName(found.id) : null;
    cache.set("", model, provider);
  }
  return provider ?? undefined;
}
