/** How a call ended, for a trip rule. Slow is said by the caller, or measured by a rule with `slowCallMs`. */
export type CountedOutcome = "success" | "failure" | "slow_success" | "slow_failure";

/**
 * How a call ended. `ignored` says nothing about the dependency: the caller cancelled, one of our own limits
 * refused, or the request itself was wrong.
 */
export type Outcome = CountedOutcome | "ignored";

export function isFailure(outcome: Outcome): boolean {
  return outcome === "failure" || outcome === "slow_failure";
}

export function isSlow(outcome: Outcome): boolean {
  return outcome === "slow_success" || outcome === "slow_failure";
}
