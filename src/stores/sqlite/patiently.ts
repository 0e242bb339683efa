import { wait } from "../../internal/late-files.ts";
import { isBusy } from "./transaction.ts";

/** SQLite waits for a lock in this thread. Longer than that the event loop is not held up: another turn tries again. */
export const LOCK_WAIT_MS = 10;

export interface Patience {
  /** How often a lock is asked for before that is a failure. */
  readonly attempts: number;
  /** Between two, on average. */
  readonly pauseMs: number;
  /** Whether the process stays alive for it. */
  readonly holds: boolean;
}

/** Tries again while another process holds the lock. @throws what `attempt` throws. */
export async function patiently<T>({ attempts, pauseMs, holds }: Patience, attempt: () => T): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return attempt();
    } catch (error) {
      if (n >= attempts || !isBusy(error)) throw error;
    }
    await wait(pauseMs * (0.5 + Math.random()), undefined, { ref: holds });
  }
}
