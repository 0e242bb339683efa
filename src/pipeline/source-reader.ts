import { type MetricSources, type SourceInstrument, seriesKey } from "../telemetry/metric-sources.ts";

/** What sources have counted, for one metric reader. */
export class SourceReader {
  readonly #sources: MetricSources;
  readonly #delta: boolean;
  /** Of each counter and series, what was given out last. */
  readonly #before = new Map<string, number>();

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
    if (instrument.kind !== "counter") return instrument;
    const points = instrument.points.map((point) => {
      const key = `${instrument.name} ${seriesKey(point.attributes)}`;
      const value = point.value - (this.#before.get(key) ?? 0);
      this.#before.set(key, point.value);
      return { ...point, value };
    });
    return { ...instrument, points };
  }
}
