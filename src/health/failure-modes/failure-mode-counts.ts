import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import type { FailureMode } from "./failure-mode.ts";

/** The metric `agents.failure_modes`: findings by agent and mode. */
export class FailureModeCounts {
  readonly #findings = new CounterFamily({
    name: names.METRIC_FAILURE_MODES,
    unit: "{finding}",
    description: "Failure modes that were found in runs of agents, once for each run, mode and agent.",
    labels: [names.ATTR_AGENT_NAME, names.ATTR_FAILURE_MODE],
  });
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  found(mode: FailureMode, agent: string): void {
    this.#findings.add([agent, mode]);
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => [this.#findings.instrument()]);
  }
}

/** That of this process. */
export const failureModeCounts = new FailureModeCounts(metricSources);
