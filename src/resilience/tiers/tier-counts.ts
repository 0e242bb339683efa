import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources } from "../../telemetry/metric-sources.ts";
import { ATTR_TIER, ATTR_TIER_SERVICE, METRIC_TIER_CALLS } from "../../telemetry/semconv.ts";

/** Counts the answers of service tiers, in one process. Collected from the first one on. */
export class TierCounts {
  readonly #calls = new CounterFamily({
    name: METRIC_TIER_CALLS,
    unit: "{call}",
    description: "Calls that service tiers answered, by service and the tier that answered.",
    labels: [ATTR_TIER_SERVICE, ATTR_TIER],
  });
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  answered(service: string, tier: string): void {
    this.#register();
    this.#calls.add([service, tier]);
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => [this.#calls.instrument()]);
  }
}

/** Those of this process. */
export const tierCounts = new TierCounts(metricSources);
