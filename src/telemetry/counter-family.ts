import { CounterCell } from "./call-metrics/cells.ts";
import type { CounterInstrument } from "./call-metrics/instrument.ts";
import { type Labels, SeriesMap } from "./call-metrics/series-map.ts";

export interface CounterFamilyOptions {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Attribute names, in the order in which `add` takes their values. */
  readonly labels: readonly string[];
  /** Positions of the labels that programs make up. @default [0] */
  readonly names?: readonly number[];
}

/** A counter with labels, for what happens now and then. Its number of series is bounded, its total exact. */
export class CounterFamily {
  readonly #options: CounterFamilyOptions;
  readonly #series: SeriesMap<CounterCell>;

  constructor(options: CounterFamilyOptions) {
    this.#options = options;
    const names = options.names ?? [0];
    this.#series = new SeriesMap(() => new CounterCell(), {
      foldOrder: options.labels.map((_, i) => i),
      names,
    });
  }

  /** @param labels Values in the order of the options; `undefined` leaves a label out. */
  add(labels: Labels, count = 1): void {
    this.#series.at(labels).add(count);
  }

  /** What was counted since the start. */
  instrument(): CounterInstrument {
    const { name, unit, description, labels } = this.#options;
    const points = [...this.#series.values()].map((series) => ({
      attributes: Object.fromEntries(
        labels.flatMap((label, i) => {
          const value = series.labels[i];
          return value === undefined ? [] : [[label, value]];
        }),
      ),
      value: series.cell.value,
    }));
    return { kind: "counter", name, unit, description, whole: true, points };
  }
}
