import type { StateStore } from "../../src/stores/state/state-store.ts";

/** The mistake: looks, decides, and writes whatever is there by then. What another one wrote in between is gone, and nobody is told. */
export function readThenWriteState(store: StateStore): StateStore {
  return {
    read: (...args) => store.read(...args),
    snapshot: (...args) => store.snapshot(...args),
    history: (...args) => store.history(...args),
    lock: (...args) => store.lock(...args),
    extend: (...args) => store.extend(...args),
    unlock: (...args) => store.unlock(...args),
    commit: (commit) =>
      store.commit({
        ...commit,
        changes: commit.changes.map((change) => ({ ...change, expected: undefined })),
        checks: [],
        listed: undefined,
      }),
  };
}
