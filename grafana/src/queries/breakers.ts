import * as names from "../../../src/telemetry/semconv.ts";
import { label, series } from "../metrics/prometheus-names.ts";
import { either, maxBy, select } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

export const BREAKER = label(names.ATTR_BREAKER_NAME);
const STATE = label(names.ATTR_BREAKER_STATE);

/** Numbers of the states, the worst highest: of several processes that one is shown. */
export const BREAKER_STATES = [
  { value: 0, name: "closed", text: "closed", color: "green" },
  { value: 1, name: "disabled", text: "disabled", color: "text" },
  { value: 2, name: "half_open", text: "half open", color: "yellow" },
  { value: 3, name: "open", text: "open", color: "red" },
  { value: 4, name: "forced_open", text: "forced open", color: "dark-red" },
] as const;

/** One series for each breaker, with the number of its state. @param breaker What its name must match. */
export function breakerState(scope: Scope, breaker = ".*"): string {
  const of = (state: string) =>
    select(series(names.METRIC_BREAKER_STATE), { ...appOf(scope), [BREAKER]: breaker, [STATE]: state });
  const numbered = BREAKER_STATES.map(({ value, name }) => `${value} * (${of(name)} == 1)`);
  return maxBy([BREAKER], either(...numbered));
}

/** Breakers that refuse calls in some process, and 0 where there are breakers and none does. */
export function openBreakers(scope: Scope): string {
  const all = select(series(names.METRIC_BREAKER_STATE), { ...appOf(scope), [STATE]: "open|forced_open" });
  return `sum(${maxBy(["job", BREAKER], all)})`;
}
