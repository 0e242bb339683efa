import * as names from "../../../src/telemetry/semconv.ts";
import { countOf, label, series } from "../metrics/prometheus-names.ts";
import { USER } from "./graph.ts";
import { either, type Matchers, relabel, select, sumBy } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

/** What money is asked of. */
export interface ModelScope extends Scope {
  readonly model?: string;
}

export const AGENT = label(names.ATTR_AGENT_NAME);
export const MODEL = label(names.ATTR_REQUEST_MODEL);
export const CALLER = label(names.ATTR_CALLER_NAME);
export const WORKFLOW = label(names.ATTR_WORKFLOW_NAME);

/** The matchers of a series of model calls. */
export function modelCalls({ model, ...scope }: ModelScope): Matchers {
  return {
    ...appOf(scope),
    ...(scope.agent !== undefined && { [AGENT]: scope.agent }),
    ...(model !== undefined && { [MODEL]: model }),
  };
}

/** Spent in the range, in US dollars: one series for each process, agent, model and provider. */
export const spent = (scope: ModelScope, range: string): string =>
  `increase(${select(series(names.METRIC_COST), modelCalls(scope))}[${range}])`;

/** US dollars an hour. @param offset As `1d`: at that time before. */
export function spentHourly(scope: ModelScope, range: string, offset?: string): string {
  const before = offset === undefined ? "" : ` offset ${offset}`;
  return `rate(${select(series(names.METRIC_COST), modelCalls(scope))}[${range}]${before}) * 3600`;
}

/** The same by agent; what no agent asked for has a name too. */
export const hourlyByAgent = (scope: ModelScope, range: string): string =>
  relabel(sumBy([AGENT], spentHourly(scope, range)), AGENT, AGENT, "", "no agent");

/**
 * US dollars by midnight, if it goes on as in the last hour. The range of the query must be the day so far: the rest of 24 hours is what is
 * left, in the time zone of whoever looks.
 */
export function forecastToday(scope: ModelScope): string {
  const lastHour = sumBy([], spent(scope, "1h"));
  return `${sumBy([], spent(scope, "$__range"))} + ${lastHour} * (86400 - $__range_s) / 3600`;
}

/** US dollars for each run of an agent that nobody called, or of a workflow. */
export function costPerRequest(scope: Pick<Scope, "app">, range: string): string {
  const alone = { ...appOf(scope), [CALLER]: "" };
  const runs = either(
    `increase(${select(countOf(names.METRIC_INVOKE_AGENT_DURATION), alone)}[${range}])`,
    `increase(${select(countOf(names.METRIC_INVOKE_WORKFLOW_DURATION), appOf(scope))}[${range}])`,
  );
  return `${sumBy([], spent(scope, range))} / (${sumBy([], runs)} > 0)`;
}

/** By who called the agents that asked the models; of those that nobody called, `user`. */
export function costByCaller(scope: Scope, range: string): string {
  const all = sumBy(
    [CALLER],
    `increase(${select(series(names.METRIC_INVOCATION_COST), modelCalls(scope))}[${range}])`,
  );
  return relabel(all, CALLER, CALLER, "", USER);
}

/** With all that runs inside of it: one workflow inside another counts in both. */
export const costByWorkflow = (scope: Pick<Scope, "app">, range: string): string =>
  sumBy([WORKFLOW], `increase(${select(series(names.METRIC_WORKFLOW_COST), appOf(scope))}[${range}])`);
