import { isAgentError } from "../../errors/agent-error.ts";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import type { StateStore } from "../../stores/state/state-store.ts";

/** A store whose failures are errors of ours: a breaker around an agent ignores those, since they are no failure of the agent's. */
export function askedStore(name: string, store: StateStore): StateStore {
  const asked = async <T>(answer: () => Promise<T>, reason: string): Promise<T> => {
    try {
      return await answer();
    } catch (error) {
      throw isAgentError(error) ? error : new StoreUnusableError(name, reason, error);
    }
  };
  const unread = "cannot be asked for the shared state";
  const unlocked = "cannot be asked for a lock of the shared state";
  return {
    read: (...args) => asked(() => store.read(...args), unread),
    snapshot: (...args) => asked(() => store.snapshot(...args), unread),
    history: (...args) => asked(() => store.history(...args), unread),
    commit: (...args) =>
      asked(
        () => store.commit(...args),
        "did not answer to a commit of shared state, which it may have done or not",
      ),
    lock: (...args) => asked(() => store.lock(...args), unlocked),
    extend: (...args) => asked(() => store.extend(...args), unlocked),
    unlock: (...args) => asked(() => store.unlock(...args), unlocked),
  };
}
