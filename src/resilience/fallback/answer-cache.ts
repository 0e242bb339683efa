import type { Clock } from "../../internal/clock.ts";
import { StoredCopy } from "./stored-copy.ts";

/** What an entry takes besides its value: the key, the places in the map. */
const ENTRY_BYTES = 256;

interface Entry {
  readonly copy: StoredCopy;
  readonly atMs: number;
}

export interface AnswerCacheLimits {
  readonly maxAgeMs: number;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

export interface CachedAnswer {
  /** A copy that nobody else has. */
  readonly value: unknown;
  readonly ageMs: number;
}

/** Answers by key, bounded in number and bytes: those that nobody asked for the longest go first. */
export class AnswerCache {
  readonly #limits: AnswerCacheLimits;
  readonly #clock: Clock;
  /** In the order in which they were used. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limits: AnswerCacheLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Never one that is older than the limit, and none whose age the clock cannot say. */
  get(key: string): CachedAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const ageMs = this.#clock.monotonic() - entry.atMs;
    this.#remove(key, entry);
    if (!(ageMs >= 0 && ageMs <= this.#limits.maxAgeMs)) return undefined;
    this.#add(key, entry);
    return { value: entry.copy.value(), ageMs };
  }

  /** @throws NotPlainError where the value cannot be kept: see `StoredCopy`. RangeError where it alone is over the limit. */
  set(key: string, value: unknown): void {
    const entry = { copy: new StoredCopy(value), atMs: this.#clock.monotonic() };
    const { maxEntries, maxBytes } = this.#limits;
    const bytes = bytesOf(key, entry);
    if (bytes > maxBytes) throw new RangeError(`the answer takes ${bytes} bytes, over maxBytes ${maxBytes}`);
    const before = this.#entries.get(key);
    if (before !== undefined) this.#remove(key, before);
    this.#add(key, entry);
    for (const [oldest, last] of this.#entries) {
      if (this.#entries.size <= maxEntries && this.#bytes <= maxBytes) return;
      this.#remove(oldest, last);
    }
  }

  #add(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += bytesOf(key, entry);
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= bytesOf(key, entry);
  }
}

function bytesOf(key: string, { copy }: Entry): number {
  return ENTRY_BYTES + 2 * key.length + copy.size;
}
