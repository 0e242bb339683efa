import { LockLostError } from "../../errors/lock-lost-error.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import type { StateLock } from "./state-lock.ts";
import type { StateSettings } from "./state-options.ts";

/** A lock that is extended again and again. */
export interface KeptLock {
  /** Aborted with a LockLostError when somebody else may have the lock. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Extends a lock three times in each lease. Does not hold the process. */
export function keepLock(lock: StateLock, leaseMs: number, { clock, after }: StateSettings): KeptLock {
  const lost = new AbortController();
  let endMs = clock.monotonic() + leaseMs;
  let cancel = (): void => {};
  let hasStopped = false;
  const next = (): void => {
    if (!hasStopped && !lost.signal.aborted)
      cancel = after(Math.ceil(leaseMs / 3), () => void extend(), false);
  };
  const extend = async (): Promise<void> => {
    const askedMs = clock.monotonic();
    try {
      await lock.extend(leaseMs);
      endMs = askedMs + leaseMs;
    } catch (error) {
      if (hasStopped) return;
      if (error instanceof LockLostError) lost.abort(error);
      else reportFailure("extending a lock of shared state", error);
      // Nobody answers, and by now somebody else may have it.
      if (clock.monotonic() >= endMs) lost.abort(lock.lost());
    }
    next();
  };
  next();
  return {
    signal: lost.signal,
    stop() {
      hasStopped = true;
      cancel();
    },
  };
}
