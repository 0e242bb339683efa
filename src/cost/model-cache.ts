/**
 * What was found for a provider and a model. Bounded, since model names come from outside: two generations of
 * `capacity / 2` entries each, where the older one is dropped when the newer one is full, so names in use stay.
 *
 * Keyed by two maps and not by one joined string: joining costs more than the rest of the look-up.
 */
export class ModelCache<Value> {
  readonly #perGeneration: number;
  #newer = new Map<string, Map<string, Value>>();
  #older = new Map<string, Map<string, Value>>();
  #newerSize = 0;

  /** @param capacity Most entries held, a whole number >= 2. */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 2) {
      throw new RangeError(`ModelCache: capacity must be a whole number >= 2, got ${capacity}`);
    }
    this.#perGeneration = Math.floor(capacity / 2);
  }

  get(provider: string, model: string): Value | undefined {
    const value = this.#newer.get(provider)?.get(model);
    if (value !== undefined) return value;
    const old = this.#older.get(provider)?.get(model);
    if (old !== undefined) this.set(provider, model, old);
    return old;
  }

  set(provider: string, model: string, value: Value): void {
    if (this.#newerSize >= this.#perGeneration) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#newerSize = 0;
    }
    const models = this.#newer.get(provider) ?? new Map<string, Value>();
    if (models.size === 0) this.#newer.set(provider, models);
    if (!models.has(model)) this.#newerSize++;
    models.set(model, value);
  }

  clear(): void {
    this.#newer.clear();
    this.#older.clear();
    this.#newerSize = 0;
  }

  /** Entries held, those of both generations counted twice. */
  get size(): number {
    let size = 0;
    for (const generation of [this.#newer, this.#older])
      for (const models of generation.values()) size += models.size;
    return size;
  }
}
