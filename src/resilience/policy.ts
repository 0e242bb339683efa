import { AGENT_MARK } from "../internal/agent-mark.ts";
/** What a policy runs. `signal` is aborted when the caller, or the policy, gives the call up. */
export type Operation<T> = (signal: AbortSignal) => T | PromiseLike<T>;

// biome-ignore lint/suspicious/noExplicitAny: the only type that every function is assignable to; nothing is read from it.
export type AsyncFunction = (...args: any[]) => Promise<unknown>;

/** One way to keep a call from doing harm: a breaker, a time limit, a retry, or several of them in a row. */
export interface Policy {
  /** Of a breaker or limit, for those who ask what stood in the way. */
  readonly name?: string;
  /**
   * Runs `fn` under this policy. What `fn` throws is thrown on, the same object; a refusal is an `AgentError`.
   *
   * @param signal The caller's: when it is aborted, so is the one that `fn` gets, and the call rejects with its reason.
   */
  execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T>;
  /**
   * A function of the same type as `fn` that runs under this policy. Where the last argument is an AbortSignal, that is the
   * caller's, and `fn` gets the policy's in its place.
   */
  around<F extends AsyncFunction>(fn: F): F;
}

/** Never aborted: for those whose caller gave none, where nothing else could abort them. */
export const NEVER: AbortSignal = new AbortController().signal;

export type Execute = <T>(fn: Operation<T>, signal: AbortSignal | undefined) => Promise<T>;

/** Makes a policy of the one thing that it has to say. */
export function policyOf(execute: Execute): Policy {
  return { execute, around: (fn) => aroundOf(execute, fn) };
}

/** Calls `fn` at once; what it throws becomes a rejection. */
export async function run<T>(fn: Operation<T>, signal: AbortSignal | undefined): Promise<T> {
  return fn(signal ?? NEVER);
}

/** As `Policy.around`, for what has an `execute`. */
export function aroundOf<F extends AsyncFunction>(execute: Execute, fn: F): F {
  const wrapper = function (this: unknown, ...args: unknown[]): Promise<unknown> {
    const last = args.length - 1;
    const given = args[last];
    if (!(given instanceof AbortSignal)) return execute(() => Reflect.apply(fn, this, args), undefined);
    return execute((signal) => Reflect.apply(fn, this, args.with(last, signal)), given);
  };
  return named(wrapper, fn) as F;
}

/** Gives a wrapper the name and the number of parameters of what it wraps, and which agent that is. */
export function named<W extends AsyncFunction>(wrapper: W, fn: AsyncFunction): W {
  for (const key of ["name", "length", AGENT_MARK]) {
    const own = Object.getOwnPropertyDescriptor(fn, key);
    if (own !== undefined) Object.defineProperty(wrapper, key, { value: own.value, configurable: true });
  }
  return wrapper;
}
