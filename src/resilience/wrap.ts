import type { Fallback } from "./fallback/fallback.ts";
import { type FallbackOptions, FallbackPolicy } from "./fallback-policy.ts";
import { outcomeAround } from "./plain-outcome.ts";
import { type AsyncFunction, aroundOf, type Execute, type Operation, type Policy, run } from "./policy.ts";
import type { Outcome, PolicyChain } from "./policy-chain.ts";

/**
 * Several policies as one, the first outermost: `wrap(breaker, timeout(30_000))` counts a timeout as a failure of the breaker.
 *
 * @throws TypeError where one is no policy.
 */
export function wrap(...policies: readonly Policy[]): PolicyChain {
  for (const [i, policy] of policies.entries()) {
    if (typeof policy?.execute !== "function") {
      throw new TypeError(`wrap: argument ${i + 1} must be a policy, got ${String(policy)}`);
    }
  }
  return new Wrapped(policies);
}

class Wrapped implements PolicyChain {
  readonly name?: string;
  readonly #policies: readonly Policy[];
  readonly #execute: Execute = (fn, signal) => executeFrom(this.#policies, 0, fn, signal);

  constructor(policies: readonly Policy[]) {
    this.#policies = policies;
    const name = policies.find((policy) => policy.name !== undefined)?.name;
    if (name !== undefined) this.name = name;
  }

  execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    return executeFrom(this.#policies, 0, fn, signal);
  }

  around<F extends AsyncFunction>(fn: F): F {
    return aroundOf(this.#execute, fn);
  }

  onFailure(fallback: Fallback, options: FallbackOptions = {}): PolicyChain {
    return new FallbackPolicy(this, fallback, options);
  }

  async outcome<T>(fn: Operation<T>, signal?: AbortSignal): Promise<Outcome<T>> {
    return { value: await this.execute(fn, signal) };
  }

  aroundOutcome<A extends unknown[], T>(fn: (...args: A) => Promise<T>): (...args: A) => Promise<Outcome<T>> {
    return outcomeAround(this, fn);
  }
}

function executeFrom<T>(
  policies: readonly Policy[],
  index: number,
  fn: Operation<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const policy = policies[index];
  if (policy === undefined) return run(fn, signal);
  if (index === policies.length - 1) return policy.execute(fn, signal);
  return policy.execute((inner) => executeFrom(policies, index + 1, fn, inner), signal);
}
