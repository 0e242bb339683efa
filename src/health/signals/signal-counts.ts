import type { SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";

/** What was counted under one name since the start of the process. */
export interface SignalCounts {
  readonly rejections: number;
  readonly fallbacks: number;
  readonly quarantinedReads: number;
}

interface Counted {
  readonly of: keyof SignalCounts;
  /** Which attribute holds the name. */
  readonly name: string;
  /** Where not all series count: which attribute says so, and what it must be, or must not. */
  readonly only?: readonly [attribute: string, is: string];
  readonly not?: readonly [attribute: string, is: string];
}

const COUNTERS: ReadonlyMap<string, Counted> = new Map<string, Counted>([
  [names.METRIC_BREAKER_REJECTIONS, { of: "rejections", name: names.ATTR_BREAKER_NAME }],
  [names.METRIC_RATE_LIMIT_REJECTIONS, { of: "rejections", name: names.ATTR_RATE_LIMIT_NAME }],
  [names.METRIC_BUDGET_REJECTIONS, { of: "rejections", name: names.ATTR_BUDGET_NAME }],
  [names.METRIC_TOKEN_BUDGET_REJECTIONS, { of: "rejections", name: names.ATTR_TOKEN_BUDGET_AGENT }],
  [
    names.METRIC_QUEUE_REJECTIONS,
    // Who gave up waiting was not refused.
    { of: "rejections", name: names.ATTR_QUEUE_NAME, not: [names.ATTR_QUEUE_REASON, "aborted"] },
  ],
  [
    names.METRIC_FALLBACKS,
    // The call of one that had nothing to offer has failed, and counts there.
    { of: "fallbacks", name: names.ATTR_BREAKER_NAME, only: [names.ATTR_FALLBACK_OUTCOME, "answered"] },
  ],
  [names.METRIC_QUARANTINED_READS, { of: "quarantinedReads", name: names.ATTR_GUARD_NODE }],
]);

/** Of several breakers with one name the state of the first of these counts. */
const STATES = ["forced_open", "open", "half_open", "disabled", "closed"];

/** What breakers, limits, budgets, queues, fallbacks and guards have counted, by the name that they were given. */
export function signalCounts(instruments: readonly SourceInstrument[]): ReadonlyMap<string, SignalCounts> {
  const counts = new Map<string, { -readonly [K in keyof SignalCounts]: number }>();
  for (const instrument of instruments) {
    const counted = COUNTERS.get(instrument.name);
    if (counted === undefined || instrument.kind === "histogram") continue;
    for (const { attributes, value } of instrument.points) {
      const name = attributes[counted.name];
      if (typeof name !== "string" || !(value > 0)) continue;
      if (counted.only !== undefined && attributes[counted.only[0]] !== counted.only[1]) continue;
      if (counted.not !== undefined && attributes[counted.not[0]] === counted.not[1]) continue;
      const of = counts.get(name) ?? { rejections: 0, fallbacks: 0, quarantinedReads: 0 };
      of[counted.of] += value;
      counts.set(name, of);
    }
  }
  return counts;
}

/** By the name of the breaker. */
export function breakerStates(instruments: readonly SourceInstrument[]): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  const gauge = instruments.find(({ name }) => name === names.METRIC_BREAKER_STATE);
  if (gauge === undefined || gauge.kind === "histogram") return states;
  for (const { attributes, value } of gauge.points) {
    const name = attributes[names.ATTR_BREAKER_NAME];
    const state = attributes[names.ATTR_BREAKER_STATE];
    if (value !== 1 || typeof name !== "string" || typeof state !== "string") continue;
    const before = states.get(name);
    if (before === undefined || STATES.indexOf(state) < STATES.indexOf(before)) states.set(name, state);
  }
  return states;
}
