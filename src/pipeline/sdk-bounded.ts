import { LONGEST_TIMER_MS } from "./environment/variables.ts";

/**
 * Waits for `work`, but not longer than `timeoutMs`. Never rejects.
 *
 * The timer keeps the process alive on purpose: a program that awaits its last flush must get its answer.
 *
 * @returns `undefined` when `work` is done, else why not: "timeout" or the error.
 */
export async function settledWithin(work: () => Promise<unknown>, timeoutMs: number): Promise<unknown> {
  const { promise: late, resolve } = Promise.withResolvers<unknown>();
  const timer = setTimeout(resolve, usableTimeout(timeoutMs), "timeout");
  try {
    return await Promise.race([work().then(() => undefined), late]);
  } catch (error) {
    return error ?? "failed";
  } finally {
    clearTimeout(timer);
  }
}

/** A wrong number must not make a flush at the end of a program throw: below 0 and NaN wait not at all. */
function usableTimeout(timeoutMs: number): number {
  return timeoutMs > 0 ? Math.min(timeoutMs, LONGEST_TIMER_MS) : 0;
}
