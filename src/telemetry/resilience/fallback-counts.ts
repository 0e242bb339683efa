import { CounterFamily } from "../counter-family.ts";
import { type MetricSources, metricSources } from "../metric-sources.ts";
import {
  ATTR_BREAKER_NAME,
  ATTR_FALLBACK_KIND,
  ATTR_FALLBACK_OUTCOME,
  METRIC_FALLBACKS,
} from "../semconv.ts";

/** `empty`: it had nothing to offer. */
export type FallbackOutcome = "answered" | "empty" | "failed";

/** Counts the fallbacks that were asked for, in one process. Collected from the first one on. */
export class FallbackCounts {
  readonly #calls = new CounterFamily({
    name: METRIC_FALLBACKS,
    unit: "{call}",
    description: "Calls that failed or were refused and asked a fallback, by fallback, breaker and outcome.",
    labels: [ATTR_BREAKER_NAME, ATTR_FALLBACK_KIND, ATTR_FALLBACK_OUTCOME],
    names: [0, 1],
  });
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  /**
   * @param kind Of the fallback, as `cached`.
   * @param name Of the breaker, or of the function where there is none; left out of the labels where `undefined`.
   */
  count(kind: string, name: string | undefined, outcome: FallbackOutcome): void {
    this.#register();
    this.#calls.add([name, kind, outcome]);
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => [this.#calls.instrument()]);
  }
}

/** Those of this process. */
export const fallbackCounts = new FallbackCounts(metricSources);
