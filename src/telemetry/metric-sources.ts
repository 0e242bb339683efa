import type { Attributes } from "@opentelemetry/api";
import { reportFailure } from "../internal/warn-once.ts";
import { HistogramCell } from "./call-metrics/cells.ts";
import type { HistogramInstrument, Instrument } from "./call-metrics/instrument.ts";

export type SourceInstrument = Instrument;
type Simple = Exclude<Instrument, HistogramInstrument>;

/** What a part of the program has counted since it began, read when metrics are collected. */
export type MetricSource = () => readonly SourceInstrument[];

/**
 * The parts that keep counts in fields of their own: breakers, fallbacks, guards, ledgers. Each is asked when a reader collects, so
 * counting costs an addition, and a state is the one of that moment also where nothing has happened for an hour.
 */
export class MetricSources {
  readonly #sources = new Set<MetricSource>();

  /** @returns Takes the source out again. */
  add(source: MetricSource): () => void {
    this.#sources.add(source);
    return () => {
      this.#sources.delete(source);
    };
  }

  /** By name, with what several sources say of the same series made one: counters and histograms are added up, of gauges the largest is taken. */
  collect(): readonly SourceInstrument[] {
    const merged = new Map<string, SourceInstrument>();
    for (const source of this.#sources) {
      for (const instrument of read(source)) {
        const before = merged.get(instrument.name);
        merged.set(instrument.name, before === undefined ? instrument : together(before, instrument));
      }
    }
    return [...merged.values()];
  }
}

function read(source: MetricSource): readonly SourceInstrument[] {
  try {
    return source();
  } catch (error) {
    reportFailure("reading a source of metrics", error);
    return [];
  }
}

function together(one: SourceInstrument, other: SourceInstrument): SourceInstrument {
  if (one.kind === "histogram") return other.kind === "histogram" ? histograms(one, other) : one;
  return other.kind === "histogram" ? one : numbers(one, other);
}

function numbers(one: Simple, other: Simple): SourceInstrument {
  const both = (a: number, b: number) => (one.kind === "counter" ? a + b : Math.max(a, b));
  const points = bySeries([...one.points, ...other.points], (a, b) => ({
    ...a,
    value: both(a.value, b.value),
  }));
  return { ...one, points };
}

/** Cells are read and never changed here: each goes on counting for its owner. */
function histograms(one: HistogramInstrument, other: HistogramInstrument): HistogramInstrument {
  const points = bySeries([...one.points, ...other.points], (a, b) => {
    const cell = new HistogramCell(a.cell.boundaries);
    cell.merge(a.cell);
    cell.merge(b.cell);
    return { ...a, cell };
  });
  return { ...one, points };
}

function bySeries<P extends { readonly attributes: Attributes }>(
  points: readonly P[],
  both: (a: P, b: P) => P,
): readonly P[] {
  const series = new Map<string, P>();
  for (const point of points) {
    const key = seriesKey(point.attributes);
    const before = series.get(key);
    series.set(key, before === undefined ? point : both(before, point));
  }
  return [...series.values()];
}

/** Equal for equal attributes in whatever order. */
export function seriesKey(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Those of this process: every reader of `start` and `agentMetrics` asks them. */
export const metricSources = new MetricSources();
