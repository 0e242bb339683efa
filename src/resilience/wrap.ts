import type { Fallback, ProtectedCall } from "./fallback/fallback.ts";
import { type FallbackOptions, FallbackPolicy } from "./fallback-policy.ts";
import { plainOutcomeAround } from "./plain-outcome.ts";
import { type AsyncFunction, aroundOf, type Execute, type Operation, type Policy, run } from "./policy.ts";
import type { Outcome, PolicyChain } from "./policy-chain.ts";
import {
  type AnsweringPolicy,
  outcomeAround,
  outcomeOf,
  RUN_CALL,
  type RunCall,
  runCallOf,
  valueAround,
} from "./run-call.ts";

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

class Wrapped implements PolicyChain, AnsweringPolicy {
  readonly name?: string;
  /** Only where there is a fallback in it: without one nobody needs to know more than the value. */
  readonly [RUN_CALL]: RunCall | undefined;
  readonly #policies: readonly Policy[];
  readonly #execute: Execute = (fn, signal) => executeFrom(this.#policies, 0, fn, signal);

  constructor(policies: readonly Policy[]) {
    this.#policies = policies;
    const name = policies.find((policy) => policy.name !== undefined)?.name;
    if (name !== undefined) this.name = name;
    if (policies.some((policy) => runCallOf(policy) !== undefined))
      this[RUN_CALL] = (fn, signal, call) => runFrom(policies, 0, fn, signal, call);
  }

  async execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    const runCall = this[RUN_CALL];
    if (runCall === undefined) return executeFrom(this.#policies, 0, fn, signal);
    return (await outcomeOf(runCall, this.name, fn, signal)).value;
  }

  around<F extends AsyncFunction>(fn: F): F {
    const runCall = this[RUN_CALL];
    return runCall === undefined ? aroundOf(this.#execute, fn) : valueAround(runCall, this.name, fn);
  }

  onFailure(fallback: Fallback, options: FallbackOptions = {}): PolicyChain {
    return new FallbackPolicy(this, fallback, options);
  }

  async outcome<T>(fn: Operation<T>, signal?: AbortSignal): Promise<Outcome<T>> {
    const runCall = this[RUN_CALL];
    if (runCall !== undefined) return outcomeOf(runCall, this.name, fn, signal);
    return { value: await this.execute(fn, signal) };
  }

  aroundOutcome<A extends unknown[], T>(fn: (...args: A) => Promise<T>): (...args: A) => Promise<Outcome<T>> {
    const runCall = this[RUN_CALL];
    return runCall === undefined ? plainOutcomeAround(this, fn) : outcomeAround(runCall, this.name, fn);
  }
}

/** As `executeFrom`, with what is known of the call handed on to the fallbacks among them. */
function runFrom<T>(
  policies: readonly Policy[],
  index: number,
  fn: Operation<Outcome<T>>,
  signal: AbortSignal | undefined,
  call: ProtectedCall,
): Promise<Outcome<T>> {
  const policy = policies[index];
  if (policy === undefined) return run(fn, signal);
  const next: Operation<Outcome<T>> = (inner) => runFrom(policies, index + 1, fn, inner, call);
  return runCallOf(policy)?.(next, signal, call) ?? policy.execute(next, signal);
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
