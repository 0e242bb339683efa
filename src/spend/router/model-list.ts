import type { Prices } from "../../cost/prices.ts";
import { ModelEntry, type RoutedModel } from "./model-entry.ts";

const MAX_MODELS = 200;

/** The models of a router, in the order in which they were added. */
export class ModelList implements Iterable<ModelEntry> {
  readonly #prices: Prices;
  readonly #entries: ModelEntry[] = [];

  constructor(prices: Prices) {
    this.#prices = prices;
  }

  /** @throws RangeError or TypeError that names the option, what it allows and the value. */
  add(model: RoutedModel): void {
    const entry = new ModelEntry(model, this.#prices);
    if (this.#entries.some(({ name, provider }) => name === entry.name && provider === entry.provider)) {
      const of = entry.provider === undefined ? "" : ` of ${entry.provider}`;
      throw new TypeError(`modelRouter: there is a model "${entry.name}"${of} already`);
    }
    if (this.#entries.length >= MAX_MODELS)
      throw new RangeError(`modelRouter: models must be at most ${MAX_MODELS}, "${entry.name}" is one more`);
    this.#entries.push(entry);
  }

  /** @param provider Left out: whichever has it. @throws RangeError on a model that is not there. */
  get(model: string, provider: string | undefined): ModelEntry {
    const entry = this.#entries.find(
      (each) => each.name === model && (provider === undefined || each.provider === provider),
    );
    if (entry !== undefined) return entry;
    const known = this.#entries.map(({ name }) => name).join(", ");
    throw new RangeError(
      `modelRouter: there is no model ${JSON.stringify(model)}, there are ${known || "none"}`,
    );
  }

  [Symbol.iterator](): Iterator<ModelEntry> {
    return this.#entries[Symbol.iterator]();
  }
}
