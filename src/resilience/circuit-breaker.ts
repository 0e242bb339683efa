import { type BreakerRegistry, breakers } from "./breaker-registry.ts";
import type { CircuitBreakerOptions } from "./circuit-breaker-options.ts";
import type { CircuitBreaker } from "./circuit-breaker-policy.ts";

export type { CircuitBreakerOptions } from "./circuit-breaker-options.ts";
export type { CircuitBreaker } from "./circuit-breaker-policy.ts";

export interface RegisteredBreakerOptions extends CircuitBreakerOptions {
  /** Where it is found by its name. @default `breakers`, that of this process */
  readonly registry?: BreakerRegistry;
}

/**
 * The breaker of that name: made the first time, and the same object when asked again with the same options, so that a call that
 * makes its breaker anew each time still has one that can open.
 *
 * @throws TypeError or RangeError that names the option, what it allows and the value; TypeError where the name is taken by a breaker
 *   with other options.
 */
export function circuitBreaker(options: RegisteredBreakerOptions): CircuitBreaker {
  const { registry = breakers, ...own } = options;
  return registry.obtain(own);
}
