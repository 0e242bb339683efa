import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources, type SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import { SeriesPoints } from "../../telemetry/series-points.ts";

const MAX_NAMES = 200;

/** `rejected`: by a conflict. `fenced`: its lock was lost. `failed`: by its store, its strategy, its signal, or too many keys. */
export type CommitOutcome = "written" | "merged" | "kept" | "rejected" | "fenced" | "failed";

/** What one shared state has to tell when metrics are collected. */
export interface StateFacts {
  readonly name: string;
  /** As this process saw them last; `undefined` before it has looked. */
  readonly keys: number | undefined;
}

/** Names, units and descriptions of what shared states tell. */
export class StateMetrics {
  readonly #commits = new CounterFamily({
    name: names.METRIC_STATE_COMMITS,
    unit: "{commit}",
    description: "Writes and sessions of shared states that ended, by state and outcome.",
    labels: [names.ATTR_STATE_NAME, names.ATTR_STATE_OUTCOME],
  });
  readonly #conflicts = new CounterFamily({
    name: names.METRIC_STATE_CONFLICTS,
    unit: "{conflict}",
    description: "Keys that somebody else had written since they were read, by state and strategy.",
    labels: [names.ATTR_STATE_NAME, names.ATTR_STATE_STRATEGY],
  });
  readonly #retries = new CounterFamily({
    name: names.METRIC_STATE_RETRIES,
    unit: "{attempt}",
    description: "Commits that were sent again, since somebody else was quicker, by state.",
    labels: [names.ATTR_STATE_NAME],
  });
  readonly #lockTimeouts = new CounterFamily({
    name: names.METRIC_STATE_LOCK_TIMEOUTS,
    unit: "{timeout}",
    description: "Locks that somebody else had for as long as they were waited for, by state.",
    labels: [names.ATTR_STATE_NAME],
  });
  readonly #names = new LabelValues(MAX_NAMES, [0]);
  readonly #open = new Set<WeakRef<() => StateFacts>>();
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  /** @param read Held weakly: a state has no end of its own. */
  open(read: () => StateFacts): void {
    this.#open.add(new WeakRef(read));
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => this.#collect());
  }

  committed(state: string, outcome: CommitOutcome): void {
    this.#commits.add([state, outcome]);
  }

  conflicted(state: string, strategy: string): void {
    this.#conflicts.add([state, strategy]);
  }

  retried(state: string): void {
    this.#retries.add([state]);
  }

  lockTimedOut(state: string): void {
    this.#lockTimeouts.add([state]);
  }

  #collect(): readonly SourceInstrument[] {
    const counters = [this.#commits, this.#conflicts, this.#retries, this.#lockTimeouts];
    return [this.#keys(), ...counters.map((counter) => counter.instrument())].filter(
      ({ points }) => points.length > 0,
    );
  }

  #keys(): SourceInstrument {
    const keys = new SeriesPoints();
    for (const facts of this.#facts()) {
      if (facts.keys === undefined) continue;
      keys.raise({ [names.ATTR_STATE_NAME]: this.#names.admit(0, facts.name) }, facts.keys);
    }
    return {
      kind: "gauge",
      name: names.METRIC_STATE_KEYS,
      unit: "{key}",
      description: "Keys of a shared state, as this process saw them last.",
      whole: true,
      points: keys.all(),
    };
  }

  #facts(): readonly StateFacts[] {
    return [...this.#open].flatMap((weak) => {
      const read = weak.deref();
      if (read === undefined) this.#open.delete(weak);
      return read === undefined ? [] : [read()];
    });
  }
}

/** Those of this process. */
export const stateMetrics = new StateMetrics(metricSources);
