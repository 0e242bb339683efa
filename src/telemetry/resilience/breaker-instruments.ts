import { LabelValues } from "../call-metrics/label-values.ts";
import type { SourceInstrument } from "../metric-sources.ts";
import * as names from "../semconv.ts";
import { SeriesPoints } from "../series-points.ts";
import type { BreakerFacts } from "./breaker-facts.ts";

const STATES = ["closed", "open", "half_open", "forced_open", "disabled"];
const MAX_NAMES = 200;

/** What is counted without a label beside the breaker's name. */
const COUNTERS = [
  ["rejections", names.METRIC_BREAKER_REJECTIONS, "Calls that a breaker refused."],
  ["lateResults", names.METRIC_BREAKER_LATE_RESULTS, "Results that came after the state of their call."],
  ["ignored", names.METRIC_BREAKER_IGNORED_RESULTS, "Results that said nothing about the dependency."],
] as const;

/** Names, units and descriptions of what breakers tell. */
export class BreakerInstruments {
  readonly #labels = new LabelValues(MAX_NAMES, [0]);

  /** Of several breakers with one label (those beyond 200 names) the counts are added up, and each state is 1 where one is in it. */
  collect(breakers: readonly BreakerFacts[]): readonly SourceInstrument[] {
    if (breakers.length === 0) return [];
    const states = new SeriesPoints();
    const transitions = new SeriesPoints();
    const failures = new SeriesPoints();
    const counters = COUNTERS.map(() => new SeriesPoints());
    for (const facts of breakers) {
      const name = { [names.ATTR_BREAKER_NAME]: this.#labels.admit(0, facts.name) };
      for (const state of STATES)
        states.raise({ ...name, [names.ATTR_BREAKER_STATE]: state }, facts.state === state ? 1 : 0);
      for (const { from, to, reason, count } of facts.transitions) {
        const way = { [names.ATTR_BREAKER_FROM]: from, [names.ATTR_BREAKER_TO]: to };
        transitions.add({ ...name, ...way, [names.ATTR_BREAKER_REASON]: reason }, count);
      }
      for (const [i, [field]] of COUNTERS.entries()) counters[i]?.add(name, facts[field]);
      if (facts.storeFailures > 0) failures.add(name, facts.storeFailures);
    }
    return [
      {
        kind: "gauge",
        name: names.METRIC_BREAKER_STATE,
        unit: "{breaker}",
        description: "1 for the state that a breaker is in, 0 for its other states.",
        whole: true,
        points: states.all(),
      },
      counter(names.METRIC_BREAKER_TRANSITIONS, "{transition}", "Changes of a breaker's state.", transitions),
      ...COUNTERS.map(([, name, description], i) => counter(name, "{call}", description, counters[i])),
      counter(
        names.METRIC_BREAKER_STORE_FAILURES,
        "{failure}",
        "Times that a shared store could not be reached.",
        failures,
      ),
    ].filter(({ points }) => points.length > 0) as SourceInstrument[];
  }
}

function counter(
  name: string,
  unit: string,
  description: string,
  points: SeriesPoints | undefined,
): SourceInstrument {
  return { kind: "counter", name, unit, description, whole: true, points: points?.all() ?? [] };
}
