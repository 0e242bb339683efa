import type { ProtectedCall } from "./fallback/fallback.ts";
import { type AsyncFunction, named, type Operation, type Policy } from "./policy.ts";
import type { Outcome } from "./policy-chain.ts";

/**
 * The way on which a call goes through policies of ours that have fallbacks, at whatever depth: each fallback sees the input, and whoever is
 * further out sees that one has answered.
 */
export const RUN_CALL: unique symbol = Symbol("agent-otel.run-call");

export type RunCall = <T>(
  fn: Operation<Outcome<T>>,
  signal: AbortSignal | undefined,
  call: ProtectedCall,
) => Promise<Outcome<T>>;

/** A policy in which there is a fallback. */
export interface AnsweringPolicy {
  readonly [RUN_CALL]: RunCall | undefined;
}

/** `undefined` where no fallback is in it, or it is a policy of somebody else: then `execute` says all. */
export function runCallOf(policy: Pick<Policy, "execute"> & Partial<AnsweringPolicy>): RunCall | undefined {
  return policy[RUN_CALL];
}

/** `outcome`: nobody knows the input. */
export function outcomeOf<T>(
  runCall: RunCall,
  name: string | undefined,
  fn: Operation<T>,
  signal: AbortSignal | undefined,
): Promise<Outcome<T>> {
  const call: ProtectedCall = { name, args: undefined };
  return runCall(async (inner) => ({ value: await fn(inner) }), signal, call);
}

/** `aroundOutcome`. Where the last argument is a signal, it is the caller's, and no part of the input. */
export function outcomeAround<A extends unknown[], T>(
  runCall: RunCall,
  policyName: string | undefined,
  fn: (...args: A) => Promise<T>,
): (...args: A) => Promise<Outcome<T>> {
  const name = policyName ?? (fn.name === "" ? undefined : fn.name);
  const wrapper = function (this: unknown, ...args: A): Promise<Outcome<T>> {
    const last: unknown = args.at(-1);
    const caller = last instanceof AbortSignal ? last : undefined;
    const input = caller === undefined ? args : args.slice(0, -1);
    const operation = async (signal: AbortSignal): Promise<Outcome<T>> => {
      const given = caller === undefined ? args : ([...input, signal] as unknown as A);
      return { value: await Reflect.apply(fn, this, given) };
    };
    return runCall(operation, caller, { name, args: input, target: fn });
  };
  return named(wrapper, fn);
}

/** `around`: the value of the outcome. */
export function valueAround<F extends AsyncFunction>(
  runCall: RunCall,
  policyName: string | undefined,
  fn: F,
): F {
  const guarded = outcomeAround(runCall, policyName, fn as (...args: unknown[]) => Promise<unknown>);
  const wrapper = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    return (await Reflect.apply(guarded, this, args)).value;
  };
  return named(wrapper, fn) as F;
}
