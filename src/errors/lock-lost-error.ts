import { AgentError } from "./agent-error.ts";

/** The lock is no longer the caller's: it was released, or its lease ended and somebody else has, or had, it. What needed it was not done. */
export class LockLostError extends AgentError {
  readonly code = "lock_lost";
  /** Name of the shared state. */
  readonly state: string;
  readonly key: string;
  /** Of the lock that was lost. Each later holder has a larger one. */
  readonly fence: number;

  constructor({ state, key, fence }: Pick<LockLostError, "state" | "key" | "fence">) {
    super(
      `the lock of ${JSON.stringify(key)} in the shared state "${state}" is no longer held (fence ${fence})`,
    );
    this.state = state;
    this.key = key;
    this.fence = fence;
  }
}
