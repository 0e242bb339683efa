import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources, type SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import { SeriesPoints } from "../../telemetry/series-points.ts";
import type { TaskOutcome, WorkerState } from "./worker.ts";

const STATES: readonly WorkerState[] = ["idle", "busy", "overloaded", "failed"];
const MAX_NAMES = 200;

/** What one worker has to tell when metrics are collected. */
export interface WorkerFacts {
  readonly supervisor: string;
  readonly name: string;
  readonly state: WorkerState;
  readonly load: number;
}

/** Names, units and descriptions of what supervisors tell. Counts stay when one is closed; what is of now ends with it. */
export class SupervisorMetrics {
  readonly #tasks = new CounterFamily({
    name: names.METRIC_WORKER_TASKS,
    unit: "{task}",
    description: "Tasks that ended, by supervisor, worker and outcome.",
    labels: [names.ATTR_SUPERVISOR_NAME, names.ATTR_WORKER_NAME, names.ATTR_TASK_OUTCOME],
    names: [0, 1],
  });
  readonly #rejections = new CounterFamily({
    name: names.METRIC_SUPERVISOR_REJECTIONS,
    unit: "{task}",
    description: "Tasks that a supervisor refused under pressure, by supervisor and type of task.",
    labels: [names.ATTR_SUPERVISOR_NAME, names.ATTR_TASK_TYPE],
    names: [0, 1],
  });
  readonly #labels = new LabelValues(MAX_NAMES, [0, 1]);
  readonly #open = new Set<() => readonly WorkerFacts[]>();
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  open(workers: () => readonly WorkerFacts[]): void {
    this.#open.add(workers);
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => this.#collect());
  }

  /** May be called twice. */
  close(workers: () => readonly WorkerFacts[]): void {
    this.#open.delete(workers);
  }

  ended(supervisor: string, worker: string, outcome: TaskOutcome): void {
    this.#tasks.add([supervisor, worker, outcome]);
  }

  rejected(supervisor: string, taskType: string): void {
    this.#rejections.add([supervisor, taskType]);
  }

  #collect(): readonly SourceInstrument[] {
    return [...this.#gauges(), this.#tasks.instrument(), this.#rejections.instrument()].filter(
      ({ points }) => points.length > 0,
    );
  }

  #gauges(): readonly SourceInstrument[] {
    const states = new SeriesPoints();
    const loads = new SeriesPoints();
    for (const facts of [...this.#open].flatMap((read) => read())) {
      const labels = {
        [names.ATTR_SUPERVISOR_NAME]: this.#labels.admit(0, facts.supervisor),
        [names.ATTR_WORKER_NAME]: this.#labels.admit(1, facts.name),
      };
      loads.raise(labels, facts.load);
      for (const state of STATES)
        states.raise({ ...labels, [names.ATTR_WORKER_STATE]: state }, facts.state === state ? 1 : 0);
    }
    return [
      {
        kind: "gauge",
        name: names.METRIC_WORKER_STATE,
        unit: "{worker}",
        description: "1 for the state that a worker is in, 0 for its other states.",
        whole: true,
        points: states.all(),
      },
      {
        kind: "gauge",
        name: names.METRIC_WORKER_LOAD,
        unit: "1",
        description: "Tasks that a worker runs over those that it may run.",
        whole: false,
        points: loads.all(),
      },
    ];
  }
}

/** Those of this process. */
export const supervisorMetrics = new SupervisorMetrics(metricSources);
