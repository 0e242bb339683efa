import { VALUE_OTHER } from "../semconv.ts";
import { LabelValues } from "./label-values.ts";

/** Label values in a fixed order; `undefined` leaves the label out. */
export type Labels = readonly (string | undefined)[];

export interface Series<C> {
  readonly labels: Labels;
  readonly cell: C;
}

const MAX_LABEL = 128;

export interface SeriesLimits {
  /** Positions of the labels to fold, the first to go first. */
  readonly foldOrder: readonly number[];
  /** Positions of labels that programs make up: ids are refused there. @default none */
  readonly names?: readonly number[];
  /** Series before labels are folded. @default 1_000 */
  readonly series?: number;
  /** Values of each label. @default 200 */
  readonly values?: number;
}

/**
 * The time series of one instrument, by label values, and their number bounded: each label has so many values, the rest is
 * `_OTHER`; past the limit of all series the labels that tell least become `_OTHER`, one after the other. So totals stay exact and
 * no series is lost whole. The limit is ours, below the 2,000 of the SDK, whose overflow would drop every label at once.
 */
export class SeriesMap<C> {
  readonly #series = new Map<string, Series<C>>();
  readonly #make: () => C;
  readonly #limit: number;
  readonly #foldOrder: readonly number[];
  readonly #values: LabelValues;

  constructor(make: () => C, { foldOrder, names = [], series = 1_000, values = 200 }: SeriesLimits) {
    this.#make = make;
    this.#limit = series;
    this.#foldOrder = foldOrder;
    this.#values = new LabelValues(values, names);
  }

  at(labels: Labels): C {
    const known = this.#series.get(keyOf(labels));
    return known === undefined ? this.#admitted(labels) : known.cell;
  }

  values(): Iterable<Series<C>> {
    return this.#series.values();
  }

  clear(): void {
    this.#series.clear();
    this.#values.clear();
  }

  /** Not a series yet, or one of those that never become one. */
  #admitted(labels: Labels): C {
    const next = labels.map((label, position) => this.#values.admit(position, shortened(label)));
    const key = keyOf(next);
    const known = this.#series.get(key);
    if (known !== undefined) return known.cell;
    return this.#series.size < this.#limit ? this.#add(key, next) : this.#folded(next);
  }

  /** Each further fold may use a quarter of the limit more; with all folded only a handful of series can follow. */
  #folded(labels: Labels): C {
    const next = [...labels];
    for (const [step, position] of this.#foldOrder.entries()) {
      if (next[position] !== undefined) next[position] = VALUE_OTHER;
      const key = keyOf(next);
      const known = this.#series.get(key);
      if (known !== undefined) return known.cell;
      const last = step === this.#foldOrder.length - 1;
      if (last || this.#series.size < this.#limit * (1 + (step + 1) / 4)) return this.#add(key, next);
    }
    return this.#add(keyOf(next), next);
  }

  #add(key: string, labels: Labels): C {
    const cell = this.#make();
    this.#series.set(key, { labels, cell });
    return cell;
  }
}

/** Cut before it is compared, or two long names could become two series with the same labels. */
function shortened(label: string | undefined): string | undefined {
  return label === undefined || label.length <= MAX_LABEL ? label : label.slice(0, MAX_LABEL);
}

function keyOf(labels: Labels): string {
  let key = "";
  for (let i = 0; i < labels.length; i++) {
    const label = shortened(labels[i]);
    // A label that is left out differs from one that is empty.
    key += label === undefined ? "\u0000" : `\u0001${label}`;
  }
  return key;
}
