const MOST_KEYS = 1_024;
/** Longer ones are hardly names, and a thousand of them would be much memory. Both in characters. */
const LONGEST_KEY = 96;
const LONGEST_VALUE = 96;

/**
 * What is remembered of an attribute key: its bytes, and those of the text that it had last, once that came twice in a row. Most
 * texts of spans are names (a provider, a model, an agent); ids never come twice, and cost a comparison.
 */
export class KnownKey {
  /** The key as UTF-8. */
  readonly bytes: Uint8Array;
  #value: string | undefined;
  #pair: Uint8Array | undefined;

  constructor(key: string) {
    this.bytes = Buffer.from(key);
  }

  /** The KeyValue of the key and this text, after its tag, if it is remembered. */
  pairWith(value: string): Uint8Array | undefined {
    return value === this.#value ? this.#pair : undefined;
  }

  /** Notes the text. Whether the key had the same before, and its KeyValue should be remembered now. */
  sawAgain(value: string): boolean {
    if (value === this.#value) return true;
    this.#value = value.length <= LONGEST_VALUE ? value : undefined;
    this.#pair = undefined;
    return false;
  }

  /** @param pair The KeyValue of the key and the text that was noted last, after its tag. */
  remember(pair: Uint8Array): void {
    this.#pair = pair;
  }
}

/** The keys that were seen, which stand in nearly every span. Bounded: when it is full, it starts anew. */
export class KeyMemory {
  readonly #known = new Map<string, KnownKey>();

  /** `undefined` for a key that is too long to be remembered. */
  get(key: string): KnownKey | undefined {
    return this.#known.get(key) ?? this.#add(key);
  }

  #add(key: string): KnownKey | undefined {
    if (key.length > LONGEST_KEY) return undefined;
    if (this.#known.size >= MOST_KEYS) this.#known.clear();
    const known = new KnownKey(key);
    this.#known.set(key, known);
    return known;
  }
}
