import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { label, series } from "../../metrics/prometheus-names.ts";
import { rate, sumBy } from "../../queries/promql.ts";
import { COST_RATE } from "../names.ts";
import type { RecordingRule } from "../rule.ts";
import type { TimeScale } from "../time-scale.ts";

/** What agents spend. Only the SDK counts money: nothing is derived from spans. */
export function costRules(time: TimeScale): readonly RecordingRule[] {
  const spent = rate(series(names.METRIC_COST), time.range("5m"));
  return [{ record: COST_RATE, expr: sumBy([LABEL_APP, label(names.ATTR_AGENT_NAME)], spent) }];
}
