/** Two bounds of a bucket next to each other are this factor apart, so that a quantile is at most 2.2 % off. */
const GAMMA = 2 ** (1 / 16);
const LOG_GAMMA = Math.log(GAMMA);
/** Shorter ones count as this long, a microsecond; and longer ones as 12 days. */
const LEAST_MS = 0.001;
const MOST_MS = 2 ** 30;

/**
 * Durations in buckets of a fixed ratio, as DDSketch has them (Masson, Rim, Lee: "DDSketch", VLDB 2019): sketches of parts add up to
 * that of the whole, and quantiles have a bounded relative error.
 */
export class LatencySketch {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #sumMs = 0;
  #leastMs = Number.POSITIVE_INFINITY;
  #mostMs = 0;

  /** How many durations are in it. */
  get count(): number {
    return this.#total;
  }

  /** Milliseconds, exact but for rounding. */
  get sumMs(): number {
    return this.#sumMs;
  }

  /** What is no duration is left out. */
  add(durationMs: number): void {
    if (!(durationMs >= 0) || durationMs === Number.POSITIVE_INFINITY) return;
    const index = indexOf(durationMs);
    this.#counts.set(index, (this.#counts.get(index) ?? 0) + 1);
    this.#total += 1;
    this.#sumMs += durationMs;
    this.#bound(durationMs, durationMs);
  }

  /** Adds all of `other`, in place. */
  merge(other: LatencySketch): void {
    for (const [index, count] of other.#counts) {
      this.#counts.set(index, (this.#counts.get(index) ?? 0) + count);
    }
    this.#total += other.#total;
    this.#sumMs += other.#sumMs;
    this.#bound(other.#leastMs, other.#mostMs);
  }

  /** @param q From 0 to 1. @returns Milliseconds; `undefined` without durations. */
  quantile(q: number): number | undefined {
    if (this.#total === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * this.#total));
    let seen = 0;
    for (const [index, count] of this.#sorted()) {
      seen += count;
      // Never beyond what there was: of one duration it is that one.
      if (seen >= rank) return Math.min(this.#mostMs, Math.max(this.#leastMs, middleOf(index)));
    }
    return undefined;
  }

  /** How many took longer than this, to the precision of a bucket. */
  countAbove(limitMs: number): number {
    const limit = indexOf(limitMs);
    let above = 0;
    for (const [index, count] of this.#counts) if (index > limit) above += count;
    return above;
  }

  /** As it is stored. */
  toText(): string {
    const counts = this.#sorted().map(([index, count]) => `${index}:${count}`);
    const bounds = this.#total === 0 ? "" : `;${this.#leastMs};${this.#mostMs}`;
    return `${this.#sumMs};${counts.join(",")}${bounds}`;
  }

  /** What `toText` has made. Of anything else what can be read. */
  static fromText(text: string): LatencySketch {
    const sketch = new LatencySketch();
    const [sum = "", counts = "", least = "", most = ""] = text.split(";");
    for (const pair of counts === "" ? [] : counts.split(",")) {
      const [index, count] = pair.split(":").map(Number);
      if (!Number.isSafeInteger(index) || !Number.isSafeInteger(count) || count! <= 0) continue;
      sketch.#counts.set(index!, (sketch.#counts.get(index!) ?? 0) + count!);
      sketch.#total += count!;
    }
    const sumMs = Number(sum);
    if (sumMs >= 0) sketch.#sumMs = sumMs;
    sketch.#bound(numberOr(least, 0), numberOr(most, MOST_MS));
    return sketch;
  }

  #bound(leastMs: number, mostMs: number): void {
    if (leastMs < this.#leastMs) this.#leastMs = leastMs;
    if (mostMs > this.#mostMs) this.#mostMs = mostMs;
  }

  #sorted(): [number, number][] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }
}

/** A bucket holds what is above its lower bound and up to its upper one. */
function indexOf(durationMs: number): number {
  const bounded = Math.min(MOST_MS, Math.max(LEAST_MS, durationMs));
  return Math.ceil(Math.log(bounded) / LOG_GAMMA);
}

/** The value with the same relative distance to both bounds. */
function middleOf(index: number): number {
  return (2 * GAMMA ** index) / (GAMMA + 1);
}

function numberOr(text: string, otherwise: number): number {
  const value = text === "" ? Number.NaN : Number(text);
  return value >= 0 ? value : otherwise;
}
