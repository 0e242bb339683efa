import type { StateFence } from "../../stores/state/state-store.ts";
import type { StateLock } from "./state-lock.ts";
import type { StateLocks } from "./state-locks.ts";
import type { StateSettings } from "./state-options.ts";

/** @throws LockLostError where the lock is known to be lost; TypeError where it is no lock of this state. */
export function fencesOf(
  locks: StateLocks,
  { name }: StateSettings,
  lock: StateLock | undefined,
): readonly StateFence[] {
  if (lock === undefined) return [];
  if (typeof lock?.isOf !== "function" || !lock.isOf(locks))
    throw new TypeError(`sharedState: lock must be a lock of this state, "${name}"`);
  lock.check();
  return [{ key: lock.key, fence: lock.fence }];
}
