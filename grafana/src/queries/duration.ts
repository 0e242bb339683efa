import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP, SPAN_DURATION_BUCKETS } from "../metrics/derived.ts";
import { label } from "../metrics/prometheus-names.ts";
import { AGENT } from "./cost.ts";
import { maxBy, quantile, rate, select, sumBy } from "./promql.ts";
import { agentBuckets, type RedQuery } from "./red.ts";
import { appOf, type Scope } from "./scope.ts";

/**
 * Of the runs of agents, in seconds, in the application where they take longest. Of each application by itself: the buckets of the SDK and
 * those that the collector makes end at different durations, and the sum of unlike buckets is no histogram.
 */
export const slowest = (q: number, query: RedQuery, by: readonly string[] = []): string =>
  maxBy(by, quantile(q, sumBy([LABEL_APP, ...by, "le"], agentBuckets(query))));

export const duration = (q: number, scope: Scope, range: string): string =>
  slowest(q, { per: "rate", range, scope });

export const durationByAgent = (q: number, scope: Scope, range: string): string =>
  slowest(q, { per: "rate", range, scope }, [AGENT]);

/** Of the runs of agents whose spans the collector saw. These alone have exemplars: the SDK's own histograms cannot have any. */
export function spanDuration(q: number, scope: Scope, range: string): string {
  const runs = {
    ...appOf(scope),
    ...(scope.agent !== undefined && { [AGENT]: scope.agent }),
    [label(names.ATTR_OPERATION)]: names.OP_INVOKE_AGENT,
  };
  return quantile(q, sumBy(["le"], rate(select(SPAN_DURATION_BUCKETS, runs), range)));
}
