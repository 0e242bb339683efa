import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources, type SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import { SeriesPoints } from "../../telemetry/series-points.ts";

/** `lost`: another one had taken the letter when it ended. */
export type ReplayOutcome = "succeeded" | "failed" | "cancelled" | "lost";

/** What a queue has to tell when metrics are collected. */
export interface LetterFacts {
  readonly queue: string;
  readonly unresolved: number;
  /** Seconds. */
  readonly oldestAge: number;
}

/** Whoever knows them; `undefined`: nothing is known yet. */
export interface LetterTeller {
  facts(): LetterFacts | undefined;
}

const MAX_QUEUES = 200;

/** Names, units and descriptions of what dead letter queues tell. */
export class LetterMetrics {
  readonly #added = new CounterFamily({
    name: names.METRIC_DEAD_LETTERS_ADDED,
    unit: "{letter}",
    description: "Dead letters that were put in, by queue, task type and reason.",
    labels: [names.ATTR_DEAD_LETTER_QUEUE, names.ATTR_TASK_TYPE, names.ATTR_DEAD_LETTER_REASON],
    names: [0, 1, 2],
  });
  readonly #refused = new CounterFamily({
    name: names.METRIC_DEAD_LETTERS_REFUSED,
    unit: "{letter}",
    description: "Dead letters that could not be put in, by queue and error.",
    labels: [names.ATTR_DEAD_LETTER_QUEUE, names.ATTR_ERROR_TYPE],
  });
  readonly #replays = new CounterFamily({
    name: names.METRIC_DEAD_LETTERS_REPLAYS,
    unit: "{replay}",
    description: "Replays of dead letters that ended, by queue and outcome.",
    labels: [names.ATTR_DEAD_LETTER_QUEUE, names.ATTR_DEAD_LETTER_OUTCOME],
  });
  readonly #labels = new LabelValues(MAX_QUEUES, [0]);
  /** A queue that is made for one request and dropped is nobody's leak. */
  readonly #tellers = new Set<WeakRef<LetterTeller>>();
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  open(teller: LetterTeller): void {
    this.#tellers.add(new WeakRef(teller));
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => this.#collect());
  }

  added(queue: string, taskType: string, reason: string): void {
    this.#added.add([queue, taskType, reason]);
  }

  refused(queue: string, errorType: string): void {
    this.#refused.add([queue, errorType]);
  }

  replayed(queue: string, outcome: ReplayOutcome): void {
    this.#replays.add([queue, outcome]);
  }

  #collect(): readonly SourceInstrument[] {
    const counters = [this.#added, this.#refused, this.#replays].map((family) => family.instrument());
    return [...this.#gauges(), ...counters].filter(({ points }) => points.length > 0);
  }

  #gauges(): readonly SourceInstrument[] {
    const unresolved = new SeriesPoints();
    const ages = new SeriesPoints();
    for (const { queue, unresolved: letters, oldestAge } of this.#facts()) {
      const labels = { [names.ATTR_DEAD_LETTER_QUEUE]: this.#labels.admit(0, queue) };
      unresolved.raise(labels, letters);
      ages.raise(labels, oldestAge);
    }
    return [
      {
        kind: "gauge",
        name: names.METRIC_DEAD_LETTERS_UNRESOLVED,
        unit: "{letter}",
        description: "Dead letters that are not resolved, as the store said last, by queue.",
        whole: true,
        points: unresolved.all(),
      },
      {
        kind: "gauge",
        name: names.METRIC_DEAD_LETTERS_OLDEST_AGE,
        unit: "s",
        description: "Time since the first attempt of the oldest dead letter that is not resolved, by queue.",
        whole: false,
        points: ages.all(),
      },
    ];
  }

  #facts(): readonly LetterFacts[] {
    return [...this.#tellers].flatMap((weak) => {
      const teller = weak.deref();
      if (teller === undefined) this.#tellers.delete(weak);
      return teller?.facts() ?? [];
    });
  }
}

/** Those of this process. */
export const letterMetrics = new LetterMetrics(metricSources);
