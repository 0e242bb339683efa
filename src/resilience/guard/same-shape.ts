import type { NodeFunction } from "./cascade-guard.ts";

/** Gives a wrapper the name and the number of arguments of what it wraps. */
export function sameShape(wrapper: NodeFunction, fn: NodeFunction): NodeFunction {
  for (const key of ["name", "length"] as const) {
    Object.defineProperty(wrapper, key, { value: fn[key], configurable: true });
  }
  return wrapper;
}
