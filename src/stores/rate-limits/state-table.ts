const FIRST_PLACES = 16;

/** States of the same size, by key, one after the other in one array. Places of keys that were taken out are used again. */
export class StateTable {
  /** All states. Another array after `add` and `reserve`. */
  numbers: Float64Array;
  readonly #stateSize: number;
  readonly #places = new Map<string, number>();
  readonly #free: number[] = [];
  #end = 0;

  /** @param stateSize Numbers of one state. */
  constructor(stateSize: number) {
    this.#stateSize = stateSize;
    this.numbers = new Float64Array(stateSize * FIRST_PLACES);
  }

  /** Keys in it. */
  get size(): number {
    return this.#places.size;
  }

  /** Where the state of a key begins. */
  find(key: string): number | undefined {
    return this.#places.get(key);
  }

  /** @returns Where its state begins. */
  add(key: string, state: readonly number[]): number {
    const at = this.reserve(state);
    this.#places.set(key, at);
    return at;
  }

  /** A place that belongs to no key. @returns Where it begins. */
  reserve(state: readonly number[]): number {
    const at = this.#free.pop() ?? this.#append();
    this.numbers.set(state, at);
    return at;
  }

  removeWhere(isOver: (at: number) => boolean): void {
    for (const [key, at] of this.#places) {
      if (!isOver(at)) continue;
      this.#places.delete(key);
      this.#free.push(at);
    }
  }

  #append(): number {
    const at = this.#end;
    this.#end += this.#stateSize;
    if (this.#end > this.numbers.length) {
      const grown = new Float64Array(this.numbers.length * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    return at;
  }
}
