/**
 * Rejects with the reason of a signal, for what knows nothing of signals.
 *
 * @returns `stop`: it is not waited for any more.
 */
export function reasonOf(signal: AbortSignal): {
  readonly promise: Promise<never>;
  readonly stop: () => void;
} {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return { promise, stop: () => signal.removeEventListener("abort", onAbort) };
}
