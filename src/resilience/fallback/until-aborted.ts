import { NEVER } from "../policy.ts";

/**
 * Waits for `work` until the signal is aborted, and then rejects with its reason at once: what still comes is swallowed. Does not begin
 * where it is aborted already.
 */
export function untilAborted<T>(work: () => T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const started = new Promise<T>((settle) => settle(work()));
  if (signal === NEVER) return started;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(signal.reason);
  const done = (): void => signal.removeEventListener("abort", onAbort);
  signal.addEventListener("abort", onAbort, { once: true });
  started.then(resolve, reject).finally(done);
  return promise;
}
