import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";

/**
 * What became of an alert. `repeated`: seen again while it fired, and not said again. Of each channel: `sent`; `held_back`: one of too many,
 * said in a summary; `failed`: the channel did not take it; `dropped`: there was no more room or time for it.
 */
export type AlertOutcome = "repeated" | "sent" | "held_back" | "failed" | "dropped";

/** Counts alerts, in one process. Collected from the first one on. */
export class AlertMetrics {
  readonly #alerts = new CounterFamily({
    name: names.METRIC_ALERTS,
    unit: "{alert}",
    description: "Alerts, by rule and what became of them; one that several channels took counts for each.",
    labels: [names.ATTR_ALERT_RULE, names.ATTR_ALERT_OUTCOME],
  });
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  count(rule: string, outcome: AlertOutcome): void {
    if (!this.#registered) {
      this.#registered = true;
      this.#sources.add(() => [this.#alerts.instrument()]);
    }
    this.#alerts.add([rule, outcome]);
  }
}

/** Those of this process. */
export const alertMetrics = new AlertMetrics(metricSources);
