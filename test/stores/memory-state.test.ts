import { describe, expect, it } from "vitest";
import { memoryState } from "../../src/stores/state/memory-state.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { commitOf, put, stateStoreSuite } from "./state-store-suite.ts";

describe("shared state in memory", () => {
  const store = memoryState();
  stateStoreSuite(async () => store);

  it("lets a lock go when its lease is over, whatever the wall clock does", async () => {
    const clock = new ManualClock();
    const locks = memoryState(clock);
    await locks.lock("s", "a", "one", 1_000);
    clock.setWallClock(clock.now() + 86_400_000);
    clock.advance(999);
    expect(await locks.lock("s", "a", "other", 1_000)).toEqual({ kind: "held", owner: "one", forMs: 1 });
    clock.advance(1);
    expect(await locks.lock("s", "a", "other", 1_000)).toEqual({ kind: "locked", fence: 2 });
    expect(await locks.extend("s", "a", 1, 1_000)).toBe(false);
  });

  it("lets whose lease is over go on until somebody else has the lock", async () => {
    const clock = new ManualClock();
    const locks = memoryState(clock);
    await locks.lock("s", "a", "one", 1_000);
    clock.advance(5_000);
    const fences = [{ key: "a", fence: 1 }];
    expect((await locks.commit(commitOf("s", { changes: [put("x", 1)], fences }))).kind).toBe("committed");
    expect(await locks.extend("s", "a", 1, 1_000)).toBe(true);
    expect((await locks.lock("s", "a", "other", 1_000)).kind).toBe("held");
  });

  it("knows how many keys there are", async () => {
    const state = memoryState();
    await state.commit(commitOf("s", { changes: [put("a", 1), put("b", 1)] }));
    expect([state.size("s"), state.size("t")]).toEqual([2, 0]);
  });
});
