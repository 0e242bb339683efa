import type { StateAnswer, StateStore } from "../../src/stores/state/state-store.ts";

/** The mistake: writes the keys of a session one after the other. Who reads meanwhile sees half of it, and a crash leaves half of it. */
export function keyByKeyState(store: StateStore): StateStore {
  return {
    read: (...args) => store.read(...args),
    snapshot: (...args) => store.snapshot(...args),
    history: (...args) => store.history(...args),
    lock: (...args) => store.lock(...args),
    extend: (...args) => store.extend(...args),
    unlock: (...args) => store.unlock(...args),
    async commit(commit): Promise<StateAnswer> {
      const versions: number[] = [];
      for (const change of commit.changes) {
        const answer = await store.commit({ ...commit, changes: [change] });
        if (answer.kind !== "committed") return answer;
        versions.push(...answer.versions);
      }
      return { kind: "committed", versions };
    },
  };
}
