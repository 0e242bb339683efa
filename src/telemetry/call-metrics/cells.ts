/** What was observed, bucket by bucket. */
export type HistogramCounts = Readonly<Pick<HistogramCell, "counts" | "count" | "sum" | "min" | "max">>;

/** Buckets, count, sum, lowest and highest of what was observed: a field each, so that observing costs a few additions. */
export class HistogramCell {
  readonly boundaries: readonly number[];
  readonly counts: number[];
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  /** @param boundaries Upper bounds, inclusive, ascending; one more bucket takes what is above the last. */
  constructor(boundaries: readonly number[]) {
    this.boundaries = boundaries;
    this.counts = new Array<number>(boundaries.length + 1).fill(0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.boundaries.length && value > this.boundaries[bucket]!) bucket += 1;
    this.counts[bucket]! += 1;
    this.count += 1;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Adds what another cell of the same boundaries has observed. */
  merge({ counts, count, sum, min, max }: HistogramCounts): void {
    for (const [bucket, observed] of counts.entries()) this.counts[bucket]! += observed;
    this.count += count;
    this.sum += sum;
    if (min < this.min) this.min = min;
    if (max > this.max) this.max = max;
  }
}

/** A sum that only grows. `touched` tells a real 0 from nothing known. */
export class CounterCell {
  value = 0;
  touched = false;

  add(value: number): void {
    this.value += value;
    this.touched = true;
  }
}
