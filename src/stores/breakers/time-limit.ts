import type { After } from "../../internal/timers.ts";

/** @throws Error after `ms`; what the promise still does is not waited for, and what it throws is swallowed. */
export function timeLimit<T>(promise: Promise<T>, ms: number, after: After): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = after(ms, () => reject(new Error(`no answer within ${ms} ms`)), false);
    promise.then(resolve, reject).finally(cancel);
  });
}
