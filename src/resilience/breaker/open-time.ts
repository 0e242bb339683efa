export interface OpenTimeOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: number;
  readonly random: () => number;
}

/**
 * How long to stay open: min(base * factor^(n-1), max), give or take the jitter; n counts the opens in a row.
 * Jitter keeps many processes from probing a recovering service in the same moment.
 */
export class OpenTime {
  readonly #options: OpenTimeOptions;
  #opens = 0;

  constructor(options: OpenTimeOptions) {
    this.#options = options;
  }

  get opens(): number {
    return this.#opens;
  }

  /** The longest that can come out, milliseconds. */
  get longestMs(): number {
    return this.#options.maxMs * (1 + this.#options.jitter);
  }

  /** Milliseconds of the next open, which it does not count yet. */
  draw(): number {
    const { baseMs, maxMs, factor, jitter, random } = this.#options;
    const ms = Math.min(baseMs * factor ** this.#opens, maxMs);
    return ms * (1 + jitter * (2 * fraction(random()) - 1));
  }

  opened(): void {
    this.#opens += 1;
  }

  restore(opens: number): void {
    this.#opens = opens;
  }
}

/** A random source that is broken must not make an end that never comes. */
function fraction(value: number): number {
  return value >= 0 && value <= 1 ? value : 0.5;
}
