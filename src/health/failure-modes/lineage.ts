/**
 * What one line of work has done: a call of an agent, and the later calls of the same agent with the same arguments by the same caller,
 * one after the other. Calls side by side are lines of their own, so that equal work at once is no repetition, nor is the same first
 * step of workers with different tasks.
 */
export class Lineage {
  /** A call of this line is under way. */
  isOpen = true;
  /** Goes up with all that brings the line further: see `Run`. */
  progress = 0;
  readonly children = new Bounded<string, Lineage>(1_000);
  /** Successes that were seen, by call. */
  readonly seen = new Bounded<string, true>(4_096);
}

/** A map that forgets the oldest entries beyond its size. */
export class Bounded<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): Iterable<V> {
    return this.#entries.values();
  }

  keys(): Iterable<K> {
    return this.#entries.keys();
  }
}
