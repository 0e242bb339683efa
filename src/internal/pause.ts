import type { After } from "./timers.ts";

/** Resolves after so many milliseconds, or rejects with the reason of the signal. Holds the process meanwhile. */
export function pause(ms: number, signal: AbortSignal | undefined, after: After): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal?.aborted) return Promise.reject(signal.reason);
  const onAbort = (): void => {
    cancel();
    reject(signal?.reason);
  };
  const cancel = after(
    ms,
    () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    },
    true,
  );
  signal?.addEventListener("abort", onAbort, { once: true });
  return promise;
}
