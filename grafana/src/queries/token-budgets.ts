import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP, LABEL_INSTANCE } from "../metrics/derived.ts";
import { label, series } from "../metrics/prometheus-names.ts";
import { maxBy, select, sumBy } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

const BUDGET = label(names.ATTR_TOKEN_BUDGET_NAME);
const OF_PROCESS = [LABEL_APP, LABEL_INSTANCE, BUDGET];

/** What is used and granted, of the total; of several processes that which is nearest to it. */
export function tokenBudgetShare(scope: Pick<Scope, "app">): string {
  const of = (metric: string) => sumBy(OF_PROCESS, select(series(metric), appOf(scope)));
  const taken = `(${of(names.METRIC_TOKEN_BUDGET_USED)} + ${of(names.METRIC_TOKEN_BUDGET_GRANTED)})`;
  return maxBy([BUDGET], `${taken} / ${of(names.METRIC_TOKEN_BUDGET_LIMIT)}`);
}
