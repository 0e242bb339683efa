import type { Attributes } from "@opentelemetry/api";
import { HistogramCell } from "../../telemetry/call-metrics/cells.ts";
import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import { SeriesMap } from "../../telemetry/call-metrics/series-map.ts";
import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources, type SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import { SeriesPoints } from "../../telemetry/series-points.ts";
import type { RefusalReason } from "./waiter.ts";

const MAX_NAMES = 200;

/** What one queue has to tell when metrics are collected. */
export interface QueueFacts {
  readonly name: string;
  readonly running: number;
  readonly concurrency: number;
  /** Tasks that run on, though their callers have been told that they are over. */
  readonly zombies: number;
  /** Tasks that wait, by priority; those that nobody has used may be left out. */
  readonly depths: ReadonlyMap<number, number>;
}

/** Names, units and descriptions of what queues tell. Counts stay when a queue is closed; what is of now ends with it. */
export class QueueMetrics {
  readonly #rejections = new CounterFamily({
    name: names.METRIC_QUEUE_REJECTIONS,
    unit: "{task}",
    description: "Tasks that were never started, by queue and reason.",
    labels: [names.ATTR_QUEUE_NAME, names.ATTR_QUEUE_REASON],
  });
  readonly #waits = new SeriesMap(() => new HistogramCell(names.BUCKETS_CLIENT_SECONDS), {
    foldOrder: [0],
    names: [0],
  });
  readonly #labels = new LabelValues(MAX_NAMES, [0]);
  readonly #open = new Set<() => QueueFacts>();
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  /** @returns Where the queue notes how many seconds tasks waited; queues of one name share it. */
  open(name: string, facts: () => QueueFacts): HistogramCell {
    this.#register();
    this.#open.add(facts);
    return this.#waits.at([name]);
  }

  /** May be called twice. */
  close(facts: () => QueueFacts): void {
    this.#open.delete(facts);
  }

  rejected(name: string, reason: RefusalReason): void {
    this.#rejections.add([name, reason]);
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => this.#collect());
  }

  #collect(): readonly SourceInstrument[] {
    return [...this.#gauges(), this.#wait(), this.#rejections.instrument()].filter(
      ({ points }) => points.length > 0,
    );
  }

  #gauges(): readonly SourceInstrument[] {
    const depth = new SeriesPoints();
    const running = new SeriesPoints();
    const concurrency = new SeriesPoints();
    const zombies = new SeriesPoints();
    for (const read of this.#open) {
      const facts = read();
      const name = { [names.ATTR_QUEUE_NAME]: this.#labels.admit(0, facts.name) };
      running.add(name, facts.running);
      concurrency.add(name, facts.concurrency);
      zombies.add(name, facts.zombies);
      for (const [priority, size] of facts.depths)
        depth.add({ ...name, [names.ATTR_QUEUE_PRIORITY]: priority }, size);
    }
    return [
      gauge(names.METRIC_QUEUE_DEPTH, "Tasks that wait, by queue and priority.", depth),
      gauge(names.METRIC_QUEUE_RUNNING, "Tasks that run.", running),
      gauge(names.METRIC_QUEUE_CONCURRENCY, "Tasks that may run at once.", concurrency),
      gauge(
        names.METRIC_QUEUE_ZOMBIES,
        "Tasks that run on though their callers have given them up.",
        zombies,
      ),
    ];
  }

  #wait(): SourceInstrument {
    const points = [...this.#waits.values()].map(({ labels, cell }) => ({
      attributes: { [names.ATTR_QUEUE_NAME]: labels[0] } as Attributes,
      cell,
    }));
    return {
      kind: "histogram",
      name: names.METRIC_QUEUE_WAIT,
      unit: "s",
      description: "How long tasks waited that were started.",
      whole: false,
      points,
    };
  }
}

function gauge(name: string, description: string, points: SeriesPoints): SourceInstrument {
  return { kind: "gauge", name, unit: "{task}", description, whole: true, points: points.all() };
}

/** Those of this process. */
export const queueMetrics = new QueueMetrics(metricSources);
