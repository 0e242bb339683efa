import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { decayingMemory } from "../../src/memory/decaying-memory.ts";
import { MemoryRegistry } from "../../src/memory/memory-registry.ts";
import { memoryStats, statsOf } from "../../src/memory/memory-stats.ts";
import type { SharedStateStats } from "../../src/memory/state/state-report.ts";
import { windowMemory } from "../../src/memory/window-memory.ts";

function stateOf(name: string): { readonly name: string; stats(): SharedStateStats } {
  return { name, stats: () => ({ name }) as SharedStateStats };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

describe("memoryStats", () => {
  it("tells of all memories of the process, as plain JSON, the newest first", () => {
    const window = windowMemory({ name: "support", maxTokens: 1_000 });
    const memory = decayingMemory({ name: "notes" });
    window.add({ role: "user", content: "secret" });
    memory.add("secret", "fact");
    const stats = memoryStats();
    expect(JSON.parse(JSON.stringify(stats))).toEqual(stats);
    expect(stats.windows[0]).toEqual(window.stats());
    expect(stats.memories[0]).toEqual(memory.stats());
    expect(stats.totals.windows).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(stats)).not.toContain("secret");
  });

  it("counts all and lists so many", () => {
    const registry = new MemoryRegistry();
    const windows = [1, 2, 3].map((i) => windowMemory({ name: `window ${i}`, maxTokens: 100 }));
    for (const window of windows) {
      window.add({ role: "user", content: "abc" });
      registry.add("window", window);
    }
    const stats = statsOf(registry, 2);
    expect(stats.windows.map(({ name }) => name)).toEqual(["window 3", "window 2"]);
    expect(stats.totals).toMatchObject({ windows: 3, windowMessages: 3, windowTokens: 15, memories: 0 });
  });

  it("leaves out one whose stats fail", () => {
    const registry = new MemoryRegistry();
    const state = stateOf("state");
    const broken = {
      name: "broken",
      stats: () => {
        throw new Error("closed");
      },
    };
    registry.add("shared_state", broken);
    registry.add("shared_state", state);
    expect(statsOf(registry, 10)).toMatchObject({
      ...{ totals: { sharedStates: 2 }, sharedStates: [{ name: "state" }] },
    });
  });

  it("lists a bounded number, and says how many are left out", () => {
    const registry = new MemoryRegistry(3);
    const held = ["1", "2", "3", "4", "5"].map(stateOf);
    for (const state of held) registry.add("shared_state", state);
    expect(registry.alive("shared_state").map(({ name }) => name)).toEqual(["3", "4", "5"]);
    expect(statsOf(registry, 10).totals.unlisted).toBe(2);
  });

  it("keeps no memory alive", async () => {
    const before = memoryStats().totals;
    const fill = (): void => {
      for (let i = 0; i < 100; i++) {
        windowMemory({ name: "dropped", maxTokens: 1_000 }).add({ role: "user", content: "a" });
        decayingMemory({ name: "dropped" }).add("a", "fact");
      }
      expect(memoryStats().totals.windows).toBe(before.windows + 100);
    };
    fill();
    // What a WeakRef has given is held until the turn ends.
    await new Promise(setImmediate);
    collectGarbage();
    const { windows, memories } = memoryStats().totals;
    expect(windows).toBeLessThan(before.windows + 10);
    expect(memories).toBeLessThan(before.memories + 10);
  });

  it("refuses a limit that is none", () => {
    expect(() => memoryStats({ limit: -1 })).toThrow(
      "memoryStats: limit must be a whole number from 0 to 10000, got -1",
    );
  });
});
