import type { Fallback } from "./fallback/fallback.ts";
import type { FallbackOptions } from "./fallback-policy.ts";
import type { Operation, Policy } from "./policy.ts";

/** What answered in place of the call. */
export interface FallbackUsed {
  /** `cached`, `degraded`, `escalated`, `decomposed`, or of your own. */
  readonly kind: string;
  /** How far to trust the answer, from 0 to 1, where the fallback says. */
  readonly confidence?: number;
  /** Milliseconds since a call had this answer, where it is an old one. */
  readonly ageMs?: number;
  /** Of the incident, where a human was told. */
  readonly ticket?: string;
}

/** An answer, and where it comes from. */
export interface Outcome<T> {
  readonly value: T;
  /** Left out where the call itself answered. */
  readonly fallback?: FallbackUsed;
  /** What the call threw, where a fallback answered. */
  readonly error?: unknown;
}

/** A policy that can be told what to answer when a call fails. */
export interface PolicyChain extends Policy {
  /**
   * The same policy with an answer for calls that fail: refused by a breaker, out of time, or with an error of their own. Not asked where
   * the caller gave up, and not for refusals of a budget or a limit. An answer that is a state object carries `__agent_otel_failure__`.
   *
   * The fallback sees the input of functions made by `around` and `aroundOutcome`; under `execute` and `outcome` there is none to see.
   *
   * @throws TypeError where `fallback` is none.
   */
  onFailure(fallback: Fallback, options?: FallbackOptions): PolicyChain;
  /** As `execute`, and says whether the answer is the call's own. Rejects where there is no answer at all. */
  outcome<T>(fn: Operation<T>, signal?: AbortSignal): Promise<Outcome<T>>;
  /** As `around`, for a function that gives an outcome. */
  aroundOutcome<A extends unknown[], T>(fn: (...args: A) => Promise<T>): (...args: A) => Promise<Outcome<T>>;
}
