import { type AsyncFunction, named, type Policy } from "./policy.ts";
import type { Outcome } from "./policy-chain.ts";

/** `aroundOutcome` of a policy without a fallback: there is an answer of the call's own, or none. */
export function plainOutcomeAround<A extends unknown[], T>(
  policy: Pick<Policy, "around">,
  fn: (...args: A) => Promise<T>,
): (...args: A) => Promise<Outcome<T>> {
  const guarded = policy.around(fn);
  const wrapper = async function (this: unknown, ...args: A): Promise<Outcome<T>> {
    return { value: await Reflect.apply(guarded, this, args) };
  };
  return named(wrapper, fn as AsyncFunction);
}
