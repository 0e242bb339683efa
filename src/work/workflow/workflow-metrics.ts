import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources, type SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import { SeriesPoints } from "../../telemetry/series-points.ts";

const MAX_NAMES = 200;

/** What became of a call of `execute` that had the run. */
export type RunOutcome = "completed" | "failed" | "cancelled" | "lost" | "aborted" | "error";
/** `repeated`: another owner had committed it. */
export type AttemptOutcome = "done" | "failed" | "timeout" | "aborted";

/** Names, units and descriptions of what workflows tell. */
export class WorkflowMetrics {
  readonly #runs = new CounterFamily({
    name: names.METRIC_WORKFLOW_RUNS,
    unit: "{run}",
    description: "Runs of checkpointed workflows that ended or were given up, by workflow and outcome.",
    labels: [names.ATTR_WORKFLOW_NAME, names.ATTR_WORKFLOW_OUTCOME],
  });
  readonly #resumes = new CounterFamily({
    name: names.METRIC_WORKFLOW_RESUMES,
    unit: "{run}",
    description: "Runs that were gone on with after a crash, a failure or an abort, by workflow.",
    labels: [names.ATTR_WORKFLOW_NAME],
  });
  readonly #attempts = new CounterFamily({
    name: names.METRIC_WORKFLOW_ATTEMPTS,
    unit: "{attempt}",
    description: "Attempts of steps, by workflow, step and outcome.",
    labels: [names.ATTR_WORKFLOW_NAME, names.ATTR_WORKFLOW_STEP, names.ATTR_WORKFLOW_OUTCOME],
    names: [0, 1],
  });
  readonly #refusals = new CounterFamily({
    name: names.METRIC_WORKFLOW_REFUSALS,
    unit: "{run}",
    description: "Calls of execute that were refused, by workflow and error.",
    labels: [names.ATTR_WORKFLOW_NAME, names.ATTR_ERROR_TYPE],
  });
  readonly #labels = new LabelValues(MAX_NAMES, [0]);
  readonly #running = new Map<string, number>();
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  /** @param resumed Whether somebody had begun it before. */
  began(workflow: string, resumed: boolean): void {
    this.#register();
    this.#running.set(workflow, (this.#running.get(workflow) ?? 0) + 1);
    if (resumed) this.#resumes.add([workflow]);
  }

  ended(workflow: string, outcome: RunOutcome): void {
    this.#running.set(workflow, (this.#running.get(workflow) ?? 1) - 1);
    this.#runs.add([workflow, outcome]);
  }

  attempted(workflow: string, step: string, outcome: AttemptOutcome): void {
    this.#attempts.add([workflow, step, outcome]);
  }

  /** @param code Of the error. */
  refused(workflow: string, code: string): void {
    this.#register();
    this.#refusals.add([workflow, code]);
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => this.#collect());
  }

  #collect(): readonly SourceInstrument[] {
    const counters = [this.#runs, this.#resumes, this.#attempts, this.#refusals].map((family) =>
      family.instrument(),
    );
    return [this.#gauge(), ...counters].filter(({ points }) => points.length > 0);
  }

  #gauge(): SourceInstrument {
    const points = new SeriesPoints();
    for (const [workflow, running] of this.#running)
      points.add({ [names.ATTR_WORKFLOW_NAME]: this.#labels.admit(0, workflow) }, running);
    return {
      kind: "gauge",
      name: names.METRIC_WORKFLOW_RUNNING,
      unit: "{run}",
      description: "Runs of checkpointed workflows that this process works on now, by workflow.",
      whole: true,
      points: points.all(),
    };
  }
}

/** Those of this process. */
export const workflowMetrics = new WorkflowMetrics(metricSources);
