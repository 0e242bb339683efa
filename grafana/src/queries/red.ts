import * as names from "../../../src/telemetry/semconv.ts";
import {
  LABEL_APP,
  LABEL_STATUS,
  SPAN_CALLS,
  SPAN_DURATION_BUCKETS,
  STATUS_ERROR,
} from "../metrics/derived.ts";
import { bucketsOf, countOf, label } from "../metrics/prometheus-names.ts";
import { either, type Matchers, select, sumBy } from "./promql.ts";
import { appOf, notCounted, type Scope } from "./scope.ts";

/** Rate, errors and duration of the runs of agents, by application and agent. */
export interface RedQuery {
  readonly per: "increase" | "rate";
  /** As `5m` or `$__rate_interval`. */
  readonly range: string;
  readonly scope?: Scope;
}

const AGENT = label(names.ATTR_AGENT_NAME);
const INVOKED: Matchers = { [label(names.ATTR_OPERATION)]: names.OP_INVOKE_AGENT };

/** Runs. */
export const agentCalls = (query: RedQuery): string => both(query, {}, SPAN_CALLS, {}, []);

/** Runs that failed. An agent without any has no series. */
export const agentErrors = (query: RedQuery): string =>
  both(query, { [label(names.ATTR_ERROR_TYPE)]: ".+" }, SPAN_CALLS, { [LABEL_STATUS]: STATUS_ERROR }, []);

/** Runs by duration: buckets for `histogram_quantile`, with the label `le`. */
export const agentBuckets = (query: RedQuery): string => both(query, {}, SPAN_DURATION_BUCKETS, {}, ["le"]);

function both(
  query: RedQuery,
  exactly: Matchers,
  derivedSeries: string,
  derivedOnly: Matchers,
  kept: readonly string[],
): string {
  const { per, range, scope = {} } = query;
  const metric = names.METRIC_INVOKE_AGENT_DURATION;
  const common: Matchers = {
    ...appOf(scope),
    ...(scope.agent !== undefined && { [AGENT]: scope.agent }),
  };
  const exactSeries = kept.length > 0 ? bucketsOf(metric) : countOf(metric);
  const exact = `${per}(${select(exactSeries, { ...common, ...exactly })}[${range}])`;
  const derived = `${per}(${select(derivedSeries, { ...common, ...INVOKED, ...derivedOnly })}[${range}])`;
  const labels = [LABEL_APP, AGENT, ...kept];
  return either(sumBy(labels, exact), sumBy(labels, notCounted(derived, scope, range)));
}
