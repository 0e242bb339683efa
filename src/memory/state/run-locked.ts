import { eitherSignal } from "../../internal/deadline.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { keepLock } from "./keep-lock.ts";
import type { LockRequest } from "./lock-options.ts";
import type { StateLock } from "./state-lock.ts";
import type { StateSettings } from "./state-options.ts";

export type LockedFunction<T> = (lock: StateLock, signal: AbortSignal) => T | Promise<T>;

/** Runs `fn`, keeps the lock until it ends, and gives it back. @see SharedState.withLock */
export async function runLocked<T>(
  settings: StateSettings,
  lock: StateLock,
  fn: LockedFunction<T>,
  { leaseMs, signal }: LockRequest,
): Promise<T> {
  const kept = keepLock(lock, leaseMs, settings);
  let wasHeld: boolean | undefined;
  let value: T;
  try {
    value = await fn(lock, eitherSignal(kept.signal, signal));
  } finally {
    kept.stop();
    wasHeld = await released(lock);
  }
  // The second where it blocked the event loop for longer than a lease: no timer could tell it.
  if (kept.signal.aborted || wasHeld === false) throw lock.lost();
  return value;
}

/** @returns Whether it was still held; `undefined` where nobody can be asked: its lease ends it then. */
async function released(lock: StateLock): Promise<boolean | undefined> {
  try {
    return await lock.release();
  } catch (error) {
    reportFailure("releasing a lock of shared state", error);
    return undefined;
  }
}
