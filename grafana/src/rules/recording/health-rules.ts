import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { label, series } from "../../metrics/prometheus-names.ts";
import { callsRate, DURATION_BUCKETS, errorsRate, HEALTH_SCORE, SLOW_CALLS } from "../names.ts";
import type { RecordingRule } from "../rule.ts";
import type { RuleSettings } from "../rule-options.ts";
import { seconds } from "../time-scale.ts";

/**
 * Health of agents from 0 to 100. That of the SDK where there is one, of several processes the worst; else from the runs of the last five
 * minutes with the formula of src/health/health-score.ts, of which spans tell failures and slowness. Without runs there is no series.
 */
export function healthRules({ time, slowAfterSeconds }: RuleSettings): readonly RecordingRule[] {
  const calls = `(${callsRate("5m")} > 0)`;
  const slow = `histogram_fraction(${slowAfterSeconds}, +Inf, ${DURATION_BUCKETS})`;
  const windowSeconds = seconds(time.range("5m"));
  const rateOf = (hits: string) => rateAtLeast(`${hits} * ${windowSeconds}`, `${calls} * ${windowSeconds}`);
  const loss = `0.5 * ${rateOf(errorsRate("5m"))} + 0.2 * ${rateOf(SLOW_CALLS)}`;
  const told = `min by (${LABEL_APP}, ${label(names.ATTR_AGENT_NAME)}) (${series(names.METRIC_HEALTH_SCORE)})`;
  return [
    // A fraction of nothing is no number, and is left out by the comparison.
    { record: SLOW_CALLS, expr: `(${calls} * (${slow} >= 0)) or 0 * ${callsRate("5m")}` },
    { record: HEALTH_SCORE, expr: `${told} or round(100 * (1 - clamp_max(${loss}, 1)))` },
  ];
}

/**
 * Wilson's lower bound as in src/health/wilson.ts, with numerator and denominator times the total, so that nothing is divided by it but
 * what is above 0.
 */
function rateAtLeast(hits: string, total: string): string {
  const misses = `clamp_min(${total} - ${hits}, 0)`;
  return `(${hits} + 0.5 - sqrt(${hits} * ${misses} / (${total}) + 0.25)) / (${total} + 1)`;
}
