import { setTimeout as wait } from "node:timers/promises";
import { decayingMemory, type Store, sharedState, windowMemory } from "agent-otel";

/** Windows whose messages leave, with summaries that are written, cut and fail; and a memory that forgets. */
export async function useMemories() {
  const chat = windowMemory({ name: "chat", maxTokens: 2_000, maxMessages: 6 });
  for (let i = 0; i < 40; i++)
    chat.add({ role: i % 2 === 0 ? "user" : "assistant", content: `message ${i}` });

  const endings = ["short", "x".repeat(20_000), undefined];
  const windows = endings.map((ending) =>
    windowMemory({
      name: "summarised",
      maxTokens: 400,
      maxMessages: 6,
      summarise: () => {
        if (ending === undefined) throw new Error("no summary today");
        return ending;
      },
    }),
  );
  for (const window of windows)
    for (let i = 0; i < 20; i++) {
      window.add({ role: i % 2 === 0 ? "user" : "assistant", content: `message ${i} of many` });
      await wait(1);
    }

  const facts = decayingMemory({ name: "facts", maxEntries: 20 });
  for (let i = 0; i < 60; i++) facts.add(`fact ${i}`, "fact", { importance: (i % 10) / 10 });
  const fading = decayingMemory({ name: "fading", maxEntries: 10, evictionThreshold: 0.9 });
  for (let i = 0; i < 20; i++) fading.add(`turn ${i}`, "conversation", { importance: 0.1 });
  return { chat, windows, facts, fading };
}

/** A shared state with every outcome of a commit, conflicts under each strategy, and a lock that is waited for in vain. */
export async function useState(store: Store) {
  const state = sharedState({
    name: "team",
    store,
    strategy: {
      default: "reject",
      keys: {
        last: "last-write-wins",
        first: "first-write-wins",
        merged: "merge",
        list: "merge-arrays",
        own: ({ attempted }) => attempted,
      },
    },
  });
  const keys = ["plan", "last", "first", "merged", "list", "own"];
  const value = (key: string, i: number): unknown => (key === "list" ? [i] : { [`by ${i % 3}`]: i });
  for (const key of keys) {
    for (let i = 0; i < 3; i++) await state.write(key, value(key, i), { agent: "planner" });
    for (let i = 3; i < 6; i++)
      await state.write(key, value(key, i), { agent: "writer", expectedVersion: 1 }).catch(() => undefined);
  }
  // Somebody else writes between the first try and its commit; the second one goes through.
  let tries = 0;
  await state.session(
    async (session) => {
      session.write("plan", { seen: session.read("plan") });
      if (tries++ === 0) await state.write("plan", { meanwhile: true }, { agent: "writer" });
    },
    { agent: "planner", retries: 2 },
  );
  const lock = await state.lock("plan", { agent: "planner" });
  await state.lock("plan", { agent: "writer", waitMs: 10 }).catch(() => undefined);
  return { state, lock };
}
