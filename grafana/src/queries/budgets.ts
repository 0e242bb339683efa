import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP, LABEL_INSTANCE } from "../metrics/derived.ts";
import { label, series } from "../metrics/prometheus-names.ts";
import { maxBy, select } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

export const BUDGET = label(names.ATTR_BUDGET_NAME);
export const WINDOW = label(names.ATTR_BUDGET_WINDOW);
/** A budget of one application and window; of several processes that which has used most. */
export const BY_BUDGET = [LABEL_APP, BUDGET, WINDOW];

const USED = series(names.METRIC_BUDGET_USED);
const LIMIT = series(names.METRIC_BUDGET_LIMIT);

export const budgetUsed = (scope: Scope): string => maxBy(BY_BUDGET, select(USED, appOf(scope)));

/** Of the windows that have a use; the limit of a single request has none. */
export const budgetLimit = (scope: Scope): string =>
  maxBy(BY_BUDGET, select(LIMIT, { ...appOf(scope), [WINDOW]: "!request" }));

/** Of the limit, from 0. A process is measured by its own limit. */
export function budgetShare(scope: Scope): string {
  const on = [LABEL_INSTANCE, ...BY_BUDGET].join(", ");
  return maxBy(BY_BUDGET, `${select(USED, appOf(scope))} / on (${on}) ${select(LIMIT, appOf(scope))}`);
}

/** The first twentieth of a window counts as over: one early call would else be a catastrophe. */
const SOON = 0.05;

/** The share at the end of the window, if it goes on as in the window so far. The guard says how much of it is over, as it knows the time zone. */
export function budgetForecast(scope: Scope): string {
  const on = [LABEL_INSTANCE, ...BY_BUDGET].join(", ");
  const [used, limit, over] = [USED, LIMIT, series(names.METRIC_BUDGET_ELAPSED)].map((name) =>
    select(name, appOf(scope)),
  );
  return maxBy(BY_BUDGET, `${used} / on (${on}) ${limit} / on (${on}) clamp_min(${over}, ${SOON})`);
}
