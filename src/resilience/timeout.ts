import type { Clock } from "../internal/clock.ts";
import { Waits } from "../internal/shared-waits.ts";
import type { After } from "../internal/timers.ts";
import { type Policy, policyOf } from "./policy.ts";
import { TimeLimit } from "./time-limit.ts";

export interface TimeoutOptions {
  /** For tests. */
  readonly after?: After;
  /** For tests. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/**
 * Gives a call so much time. A call that has not settled by then rejects with `CallTimeoutError`, and its signal is aborted; it is not
 * waited for, and what it still throws is swallowed. When the caller aborts, the call rejects with the caller's reason at once. Where the
 * caller's own deadline has passed, the function is not called.
 *
 * The function's signal knows its deadline, the nearer one of this and the caller's, and so do the policies further in. A function that
 * declares no parameter gets a signal that is never aborted.
 *
 * @param ms Milliseconds. Late by one at most, unless the event loop is busy. The timer does not keep the process alive.
 * @throws RangeError on anything but a whole number of milliseconds from 1.
 */
export function timeout(ms: number, { after, clock }: TimeoutOptions = {}): Policy {
  const limit = new TimeLimit("timeout: ms", ms, after === undefined ? undefined : new Waits(after, clock));
  return policyOf((fn, signal) => {
    const call = limit.begin(fn, signal);
    return call.promise.then(
      (value) => {
        call.ended();
        return value;
      },
      (error: unknown) => {
        call.ended();
        throw error;
      },
    );
  });
}
