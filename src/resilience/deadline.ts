import { CallTimeoutError } from "../errors/call-timeout-error.ts";
import { checkWhole } from "../internal/check-number.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import { setDeadline } from "../internal/deadline.ts";
import { type After, systemAfter } from "../internal/timers.ts";

const LONGEST_TIMER_MS = 2_147_483_647;

export interface DeadlineOptions {
  /** For tests. */
  readonly after?: After;
  /** For tests. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/**
 * A signal that is aborted after so many milliseconds, with a `CallTimeoutError`. Like `AbortSignal.timeout`, and policies know its time
 * beforehand: a `retry` does not pause for longer than there is, a `timeout` begins nothing when it is over.
 *
 * @param ms Milliseconds. The timer does not keep the process alive.
 * @throws RangeError on anything but a whole number of milliseconds from 1.
 */
export function deadline(ms: number, options: DeadlineOptions = {}): AbortSignal {
  const { after = systemAfter, clock = systemClock } = options;
  checkWhole("deadline: ms", ms, 1, LONGEST_TIMER_MS);
  const controller = new AbortController();
  setDeadline(controller.signal, clock.monotonic() + ms);
  after(ms, () => controller.abort(new CallTimeoutError(ms)), false);
  return controller.signal;
}
