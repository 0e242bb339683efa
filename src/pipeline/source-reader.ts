import { HistogramCell } from "../telemetry/call-metrics/cells.ts";
import type { CounterInstrument, HistogramInstrument } from "../telemetry/call-metrics/instrument.ts";
import { type MetricSources, type SourceInstrument, seriesKey } from "../telemetry/metric-sources.ts";

/** What sources have counted, for one metric reader. */
export class SourceReader {
  readonly #sources: MetricSources;
  readonly #delta: boolean;
  /** Of each counter and series, what was given out last. */
  readonly #counters = new Map<string, number>();
  readonly #histograms = new Map<string, HistogramCell>();

  /** @param delta Whether the reader wants what happened since it last asked. The first time it gets all since the start. */
  constructor(sources: MetricSources, delta: boolean) {
    this.#sources = sources;
    this.#delta = delta;
  }

  read(): readonly SourceInstrument[] {
    const now = this.#sources.collect();
    return this.#delta ? now.map((instrument) => this.#since(instrument)) : now;
  }

  #since(instrument: SourceInstrument): SourceInstrument {
    if (instrument.kind === "gauge") return instrument;
    return instrument.kind === "counter" ? this.#counted(instrument) : this.#observed(instrument);
  }

  #counted(instrument: CounterInstrument): CounterInstrument {
    const points = instrument.points.map((point) => {
      const key = `${instrument.name} ${seriesKey(point.attributes)}`;
      const value = point.value - (this.#counters.get(key) ?? 0);
      this.#counters.set(key, point.value);
      return { ...point, value };
    });
    return { ...instrument, points };
  }

  #observed(instrument: HistogramInstrument): HistogramInstrument {
    const points = instrument.points.map((point) => {
      const key = `${instrument.name} ${seriesKey(point.attributes)}`;
      const cell = difference(point.cell, this.#histograms.get(key));
      this.#histograms.set(key, difference(point.cell, undefined));
      return { ...point, cell };
    });
    return { ...instrument, points };
  }
}

/** A copy, less what was there before. Lowest and highest are of all time: nobody knows those of the part. */
function difference(cell: HistogramCell, before: HistogramCell | undefined): HistogramCell {
  const rest = new HistogramCell(cell.boundaries);
  rest.merge(cell);
  if (before === undefined) return rest;
  for (const [bucket, count] of before.counts.entries()) rest.counts[bucket]! -= count;
  rest.count -= before.count;
  rest.sum -= before.sum;
  return rest;
}
