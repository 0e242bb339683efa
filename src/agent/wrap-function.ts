import { isAgentError } from "../errors/agent-error.ts";
import { reportFailure, safely } from "../internal/warn-once.ts";
import type { Call } from "./call.ts";
import { followResult } from "./streams/follow-result.ts";

// biome-ignore lint/suspicious/noExplicitAny: the only type that every function is assignable to; nothing is read from it.
export type AnyFunction = (...args: any[]) => unknown;

/** What a kind of call (agent, tool, workflow) adds around the user's function. */
export interface Wrapping<C extends Call = Call> {
  readonly name: string;
  open(args: readonly unknown[]): C;
  /** Sees the result, where it is a plain value. */
  result?(call: C, value: unknown): void;
}

/**
 * Puts a call around each run of `fn`. The wrapper is a function of the same type: same `this`, arguments, result, name,
 * length and own properties; what `fn` throws is thrown on, the same object.
 */
export function wrapFunction<F extends AnyFunction, C extends Call>(fn: F, wrapping: Wrapping<C>): F {
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    let call: C;
    try {
      call = wrapping.open(args);
    } catch (error) {
      // A limit has refused it.
      if (isAgentError(error)) throw error;
      reportFailure("opening a call", error);
      return Reflect.apply(fn, this, args);
    }
    let result: unknown;
    try {
      result = call.apply(fn, this, args);
    } catch (error) {
      call.fail(error);
      throw error;
    }
    const onValue =
      wrapping.result &&
      ((value: unknown) => safely("capturing a result", () => wrapping.result?.(call, value)));
    return followResult(result, call, wrapping.name, onValue);
  };
  return sameFace(wrapper, fn) as F;
}

/** Gives `wrapper` the name, length and own properties of `fn`: frameworks read them. */
export function sameFace<T extends AnyFunction>(wrapper: T, fn: AnyFunction): T {
  for (const key of Reflect.ownKeys(fn)) {
    const descriptor = Object.getOwnPropertyDescriptor(fn, key);
    if (descriptor === undefined || key === "prototype" || key === "caller" || key === "arguments") continue;
    try {
      // Configurable, or the wrapper of a frozen function could not be given a name of its own.
      Object.defineProperty(wrapper, key, { ...descriptor, configurable: true });
    } catch {
      // A property that cannot be copied is not worth failing the wrapping for.
    }
  }
  return wrapper;
}
