import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../metrics/derived.ts";
import { label, series } from "../metrics/prometheus-names.ts";
import { HEALTH_SCORE } from "../rules/names.ts";
import { AGENT } from "./cost.ts";
import { maxBy, select } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

const of = (scope: Scope) => ({
  ...appOf(scope),
  ...(scope.agent !== undefined && { [AGENT]: scope.agent }),
});

/**
 * The score of the worst process, by `labels`. As recorded, since that has agents as well of which spans alone tell; where no rules are
 * loaded, as the programs tell it.
 */
export function healthBy(labels: readonly string[], scope: Scope): string {
  const told = `min by (${LABEL_APP}, ${AGENT}) (${select(series(names.METRIC_HEALTH_SCORE), of(scope))})`;
  return `min by (${labels.join(", ")}) (${select(HEALTH_SCORE, of(scope))} or ${told})`;
}

export const COMPONENT = label(names.ATTR_HEALTH_COMPONENT);

/** What pulls the score down: rates of the worst process. */
export const healthComponents = (scope: Scope): string =>
  maxBy([COMPONENT], select(series(names.METRIC_HEALTH_COMPONENT), of(scope)));
