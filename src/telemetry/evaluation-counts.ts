import { HistogramCell } from "./call-metrics/cells.ts";
import type { HistogramInstrument } from "./call-metrics/instrument.ts";
import { SeriesMap } from "./call-metrics/series-map.ts";
import { CounterFamily } from "./counter-family.ts";
import { type MetricSources, metricSources } from "./metric-sources.ts";
import * as names from "./semconv.ts";

export interface CountedEvaluation {
  readonly name: string;
  readonly label: string | undefined;
  readonly score: number | undefined;
  /** Whose work was evaluated; left out of the labels where nobody knows. */
  readonly agent: string | undefined;
}

/** Counts evaluations and their scores, in one process. Collected from the first one on. */
export class EvaluationCounts {
  readonly #evaluations = new CounterFamily({
    name: names.METRIC_EVALUATIONS,
    unit: "{evaluation}",
    description: "Evaluations that were recorded, by name, label and agent.",
    labels: [names.ATTR_AGENT_NAME, names.ATTR_EVALUATION_LABEL, names.ATTR_EVALUATION_NAME],
    names: [0, 1, 2],
  });
  readonly #scores = new SeriesMap(() => new HistogramCell(names.BUCKETS_SCORES), {
    foldOrder: [0, 1],
    names: [0, 1],
  });
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  count({ name, label, score, agent }: CountedEvaluation): void {
    this.#register();
    this.#evaluations.add([agent, label, name]);
    // The sum of a histogram must not fall: Prometheus would take it for a restart.
    if (score !== undefined && score >= 0) this.#scores.at([agent, name]).observe(score);
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => [this.#evaluations.instrument(), this.#scoreInstrument()]);
  }

  #scoreInstrument(): HistogramInstrument {
    return {
      kind: "histogram",
      name: names.METRIC_EVALUATION_SCORE,
      unit: "{score}",
      description: "Scores of evaluations from 0 on, each on the scale of its evaluator, by name and agent.",
      whole: false,
      points: [...this.#scores.values()].map(({ labels: [agent, name], cell }) => ({
        attributes: {
          ...(agent !== undefined && { [names.ATTR_AGENT_NAME]: agent }),
          [names.ATTR_EVALUATION_NAME]: name,
        },
        cell,
      })),
    };
  }
}

/** Those of this process. */
export const evaluationCounts = new EvaluationCounts(metricSources);
