const FIRST_BYTES = 1_024;

/**
 * Collects bytes up to a limit in one piece of memory. A list of what arrived would cost a hundred times its size where an
 * answer comes in chunks of one byte.
 */
export class ByteCollector {
  readonly #limit: number;
  #memory: Uint8Array = new Uint8Array(0);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns Whether all of it fitted; what did is kept. */
  add(bytes: Uint8Array): boolean {
    const fits = bytes.subarray(0, this.#limit - this.#length);
    this.#grow(this.#length + fits.length);
    this.#memory.set(fits, this.#length);
    this.#length += fits.length;
    return fits.length === bytes.length;
  }

  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    if (needed <= this.#memory.length) return;
    const larger = Math.max(needed, this.#memory.length * 2, FIRST_BYTES);
    const memory = new Uint8Array(Math.min(larger, this.#limit));
    memory.set(this.bytes);
    this.#memory = memory;
  }
}
