import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../metrics/derived.ts";
import { countOf } from "../metrics/prometheus-names.ts";
import { type Matchers, select } from "./promql.ts";

/** What a query looks at: regular expressions, or variables of Grafana such as `$app`. Left out: everything. */
export interface Scope {
  readonly app?: string;
  readonly agent?: string;
}

/** The matcher of the application; none where the scope has none. */
export const appOf = ({ app }: Scope): Matchers => (app === undefined ? {} : { [LABEL_APP]: app });

/**
 * One series for each application that the SDK counts exactly within the range. What the collector makes from spans is for the others:
 * `derived unless on (job) countedBySdk(…)`.
 */
export function countedBySdk(scope: Scope, range: string): string {
  const counts = [names.METRIC_INVOKE_AGENT_DURATION, names.METRIC_INFERENCE_DURATION].map((name) => {
    return `last_over_time(${select(countOf(name), appOf(scope))}[${range}])`;
  });
  return `group by (${LABEL_APP}) (${counts.join(" or ")})`;
}

/** Series derived from spans, without those of applications that the SDK counts. */
export const notCounted = (derived: string, scope: Scope, range: string): string =>
  // In parentheses of its own: `unless` binds closer than an `or` in it.
  `((${derived}) unless on (${LABEL_APP}) ${countedBySdk(scope, range)})`;
