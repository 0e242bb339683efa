/** A Prometheus that holds what one run of many agents left behind, at the time when it was recorded. */
export interface RecordedRun {
  readonly fromMs: number;
  readonly toMs: number;
  /** The answer at the end of the run, or at `atMs`. @throws Error with what Prometheus said. */
  instant(expr: string, atMs?: number): Promise<readonly Sample[]>;
  /** @param stepS Seconds between two points. */
  range(expr: string, fromMs: number, toMs: number, stepS: number): Promise<readonly Series[]>;
  /** Values that a label has within the run. */
  labelValues(label: string, selector?: string): Promise<readonly string[]>;
  /** What Prometheus remarked while it answered: that buckets were no cumulative histogram, that a rate is of no counter. */
  remarksOn(expr: string): readonly string[];
  close(): Promise<void>;
}

export type Labels = Readonly<Record<string, string>>;
/** Seconds since 1970, and the value as text: `NaN` and `+Inf` are values. */
export type Point = readonly [atS: number, value: string];

export interface Sample {
  readonly metric: Labels;
  readonly value: Point;
}

export interface Series {
  readonly metric: Labels;
  readonly values: readonly Point[];
}
