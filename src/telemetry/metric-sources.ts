import type { Attributes } from "@opentelemetry/api";
import { reportFailure } from "../internal/warn-once.ts";
import type { CounterInstrument, GaugeInstrument } from "./call-metrics/instrument.ts";

export type SourceInstrument = CounterInstrument | GaugeInstrument;

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

  /** By name, with what several sources say of the same series made one: counters are added up, of gauges the largest is taken. */
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

interface Point {
  readonly attributes: Attributes;
  readonly value: number;
}

function together(one: SourceInstrument, other: SourceInstrument): SourceInstrument {
  const points = new Map<string, Point>();
  for (const point of [...one.points, ...other.points]) {
    const key = seriesKey(point.attributes);
    const value = points.get(key)?.value;
    if (value === undefined) points.set(key, point);
    else {
      const sum = one.kind === "counter" ? value + point.value : Math.max(value, point.value);
      points.set(key, { ...point, value: sum });
    }
  }
  return { ...one, points: [...points.values()] };
}

/** Equal for equal attributes in whatever order. */
export function seriesKey(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Those of this process: every reader of `start` and `agentMetrics` asks them. */
export const metricSources = new MetricSources();
