import { CallTimeoutError } from "../errors/call-timeout-error.ts";
import { checkWhole } from "../internal/check-number.ts";
import { type After, systemAfter } from "../internal/timers.ts";
import { type Operation, type Policy, policyOf, run } from "./policy.ts";

const LONGEST_TIMER_MS = 2_147_483_647;

export interface TimeoutOptions {
  /** For tests. */
  readonly after?: After;
}

/**
 * Gives a call so much time. A call that has not settled by then rejects with `CallTimeoutError`, and its signal is aborted; it is not
 * waited for, and what it still throws is swallowed. When the caller aborts, the call rejects with the caller's reason at once.
 *
 * @param ms Milliseconds. The timer does not keep the process alive.
 * @throws RangeError on anything but a whole number of milliseconds from 1.
 */
export function timeout(ms: number, { after = systemAfter }: TimeoutOptions = {}): Policy {
  checkWhole("timeout: ms", ms, 1, LONGEST_TIMER_MS);
  return policyOf((fn, signal) => limited(fn, signal, ms, after));
}

function limited<T>(fn: Operation<T>, signal: AbortSignal | undefined, ms: number, after: After): Promise<T> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  // A function without a parameter does not look at it, and making one costs as much as all the rest.
  const own = fn.length > 0 ? new AbortController() : undefined;
  const giveUp = (reason: unknown): void => {
    done();
    own?.abort(reason);
    reject(reason);
  };
  const onAbort = (): void => giveUp(signal?.reason);
  const cancel = after(ms, () => giveUp(new CallTimeoutError(ms)), false);
  const done = (): void => {
    cancel();
    signal?.removeEventListener("abort", onAbort);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  run(fn, own?.signal).then(
    (value) => {
      done();
      resolve(value);
    },
    (error: unknown) => {
      done();
      reject(error);
    },
  );
  return promise;
}
