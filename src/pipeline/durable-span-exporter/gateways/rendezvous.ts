/**
 * Rendezvous hashing (Thaler and Ravishankar 1998): each endpoint has a score for a trace, and the highest one has it. Where one
 * goes away only its own traces move, evenly to the others; where one is added it takes its share of each, and no more.
 */
export class Rendezvous {
  readonly #names: readonly string[];
  readonly #seeds: readonly number[];

  /** @param names Unlike each other. Their order changes nothing. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#seeds = names.map(fnv1a);
  }

  /**
   * @param takesPart Which of them can be chosen. @default all
   * @returns The place of a name in the list; -1 where none takes part.
   */
  choose(traceId: string, takesPart?: (index: number) => boolean): number {
    const trace = fnv1a(traceId);
    let [best, bestScore] = [-1, -1];
    for (const [index, seed] of this.#seeds.entries()) {
      if (takesPart !== undefined && !takesPart(index)) continue;
      const score = mix(trace ^ seed);
      const wins = score > bestScore || (score === bestScore && this.#comesBefore(index, best));
      if (wins) [best, bestScore] = [index, score];
    }
    return best;
  }

  #comesBefore(one: number, other: number): boolean {
    return String(this.#names[one]) < String(this.#names[other]);
  }
}

/** Fowler, Noll and Vo, 1a, 32 bits, by UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** The finalizer of MurmurHash3: every bit of the input changes about half of those that come out. 0 or more. */
function mix(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
