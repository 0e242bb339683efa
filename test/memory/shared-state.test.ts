import { describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { isAgentError } from "../../src/errors/agent-error.ts";
import { StateConflictError } from "../../src/errors/state-conflict-error.ts";
import { memoryRegistry } from "../../src/memory/memory-registry.ts";
import { type StateConflict, type StrategyChoice, sharedState } from "../../src/memory/shared-state.ts";
import { type MemoryState, memoryState } from "../../src/stores/state/memory-state.ts";
import type { StateStore } from "../../src/stores/state/state-store.ts";
import { ManualClock } from "../../src/testing/index.ts";

/** A store in which somebody else writes `value` right before each of the first commits. */
function interrupted(key: string, values: readonly unknown[]): StateStore {
  const left = [...values];
  const real = memoryState();
  return new Proxy(real, {
    get(target, name: keyof MemoryState) {
      if (name !== "commit") return target[name].bind(target);
      return async (...[commit]: Parameters<StateStore["commit"]>) => {
        if (left.length > 0 && commit.changes[0]?.agent !== "setup") {
          const change = { key, text: JSON.stringify(left.shift()), agent: "somebody", expected: undefined };
          await target.commit({ ...commit, changes: [change], checks: [], listed: undefined, fences: [] });
        }
        return target.commit(commit);
      };
    },
  });
}

describe("a shared state", () => {
  it("is versioned: two agents who read the same, and one of them is told", async () => {
    const state = sharedState();
    await state.write("preferences", { theme: "dark" }, { agent: "setup" });
    const seen = await state.read<{ theme: string }>("preferences");
    await state.write("preferences", { theme: "light" }, { agent: "b", expectedVersion: seen!.version });
    const stale = state.write(
      "preferences",
      { theme: "blue" },
      { agent: "a", expectedVersion: seen!.version },
    );
    await expect(stale).rejects.toThrow(
      '"preferences" of the shared state "state" has version 2 by "b", and not version 1, which "a" has seen',
    );
    const error = await stale.catch((thrown: unknown) => thrown);
    expect(isAgentError(error)).toBe(true);
    expect(error).toBeInstanceOf(StateConflictError);
    expect(error).toMatchObject({
      code: "state_conflict",
      state: "state",
      key: "preferences",
      current: { theme: "light" },
      currentVersion: 2,
      modifiedBy: "b",
      attempted: { theme: "blue" },
      expectedVersion: 1,
      agent: "a",
    });
    expect((await state.read("preferences"))?.value).toEqual({ theme: "light" });
  });

  it("gives value, version, who wrote it and when", async () => {
    const clock = new ManualClock();
    const state = sharedState({ clock });
    expect(await state.read("a")).toBeUndefined();
    expect(await state.write("a", [1], { agent: "writer" })).toEqual({
      key: "a",
      outcome: "written",
      version: 1,
    });
    expect(await state.read("a")).toEqual({ value: [1], version: 1, agent: "writer", atMs: clock.now() });
  });

  it("gives a copy each time, and keeps one", async () => {
    const state = sharedState();
    const value = { list: [1] };
    await state.write("a", value);
    value.list.push(2);
    const first = await state.read<{ list: number[] }>("a");
    first!.value.list.push(3);
    expect((await state.read("a"))?.value).toEqual({ list: [1] });
  });

  it("writes over whatever is there where no version is expected", async () => {
    const state = sharedState();
    await state.write("a", 1);
    expect(await state.write("a", 2)).toEqual({ key: "a", outcome: "written", version: 2 });
  });

  it("knows the agent at work, and says unknown outside of agents", async () => {
    const state = sharedState();
    await agent("researcher", () => state.write("a", 1))();
    expect((await state.read("a"))?.agent).toBe("researcher");
    await state.write("a", 2);
    expect((await state.read("a"))?.agent).toBe("unknown");
    await agent("researcher", () => state.write("a", 1, { agent: "scribe" }))();
    expect((await state.read("a"))?.agent).toBe("scribe");
  });

  it("takes the name of any agent", async () => {
    const state = sharedState();
    await agent("a\0b\ud800", () => state.write("a", 1))();
    expect((await state.read("a"))?.agent).toBe("ab\ufffd");
  });

  it("deletes with a version, and lets a key be made again by who saw that it is not there", async () => {
    const state = sharedState();
    await state.write("a", 1);
    expect(await state.delete("a", { agent: "x", expectedVersion: 1 })).toEqual({
      key: "a",
      outcome: "deleted",
      version: 2,
    });
    expect(await state.read("a")).toBeUndefined();
    expect(await state.keys()).toEqual([]);
    expect(await state.write("a", 2, { expectedVersion: 0 })).toEqual({
      key: "a",
      outcome: "written",
      version: 3,
    });
    await expect(state.delete("a", { expectedVersion: 2 })).rejects.toMatchObject({ current: 2 });
  });

  it("has nothing to delete where nothing is", async () => {
    const state = sharedState();
    expect(await state.delete("a")).toEqual({ key: "a", outcome: "deleted", version: 0 });
    expect(await state.history("a")).toEqual([]);
  });

  it("lists its keys, and what is in them, sorted", async () => {
    const state = sharedState();
    for (const key of ["b", "ä", "a", "B"]) await state.write(key, key, { agent: "x" });
    await state.delete("B");
    expect(await state.keys()).toEqual(["a", "b", "ä"]);
    expect(await state.entries()).toMatchObject([
      { key: "a", value: "a", version: 1, agent: "x" },
      { key: "b", value: "b" },
      { key: "ä", value: "ä" },
    ]);
  });

  it("keeps the last twenty versions with who wrote them, the newest first", async () => {
    const state = sharedState();
    for (let n = 1; n <= 24; n++) await state.write("a", n, { agent: `agent ${n}` });
    await state.delete("a", { agent: "cleaner" });
    const history = await state.history("a");
    expect(history).toHaveLength(20);
    expect(history[0]).toMatchObject({ value: undefined, version: 25, agent: "cleaner" });
    expect(history[1]).toMatchObject({ value: 24, version: 24, agent: "agent 24" });
    expect(history[19]).toMatchObject({ value: 6, version: 6, agent: "agent 6" });
  });

  it("is another one under another name, in the same store", async () => {
    const store = { state: memoryState() };
    const [one, other] = [sharedState({ name: "one", store }), sharedState({ name: "other", store })];
    await one.write("a", 1);
    expect(await other.read("a")).toBeUndefined();
    expect((await sharedState({ name: "one", store }).read("a"))?.value).toBe(1);
  });

  it("is on the list of the memories of this process", () => {
    const state = sharedState({ name: "listed" });
    expect(memoryRegistry.alive("shared_state")).toContain(state);
  });
});

describe("a write that meets another one", () => {
  const meet = async (strategy: StrategyChoice, current: unknown, attempted: unknown) => {
    const state = sharedState({ strategy });
    await state.write("a", current, { agent: "first" });
    const write = await state.write("a", attempted, { agent: "second", expectedVersion: 0 });
    return { write, now: await state.read("a") };
  };
  const conflict = { state: "state", key: "a", currentVersion: 1, modifiedBy: "first", expectedVersion: 0 };

  it("is written under last-write-wins, and says what it wrote over", async () => {
    const { write, now } = await meet("last-write-wins", { a: 1 }, { b: 2 });
    expect(write).toEqual({
      key: "a",
      outcome: "written",
      version: 2,
      conflict: { ...conflict, current: { a: 1 }, attempted: { b: 2 }, agent: "second" },
    });
    expect(now).toMatchObject({ value: { b: 2 }, agent: "second" });
  });

  it("is not written under first-write-wins", async () => {
    const { write, now } = await meet("first-write-wins", { a: 1 }, { b: 2 });
    expect(write).toMatchObject({ outcome: "kept", version: 1, conflict: { attempted: { b: 2 } } });
    expect(now).toMatchObject({ value: { a: 1 }, version: 1, agent: "first" });
  });

  it("is joined under merge, what is there first", async () => {
    const { write, now } = await meet("merge", { a: 1, both: [1] }, { b: 2, both: [2] });
    expect(write).toMatchObject({ outcome: "merged", version: 2, conflict });
    expect(now).toMatchObject({ value: { a: 1, b: 2, both: [1] }, version: 2, agent: "second" });
  });

  it("has its lists joined under merge-arrays", async () => {
    const { now } = await meet("merge-arrays", { both: [1] }, { both: [2] });
    expect(now?.value).toEqual({ both: [1, 2] });
  });

  it("is what a function of the user makes of both, which is told the value that was seen", async () => {
    const seen: StateConflict[] = [];
    const state = sharedState({
      strategy(met) {
        seen.push(met);
        const { base, current, attempted } = met as { base?: number; current: number; attempted: number };
        return current + attempted - (base ?? 0);
      },
    });
    await state.write("count", 10);
    await state.write("count", 15, { agent: "one" });
    const write = await state.write("count", 13, { agent: "other", expectedVersion: 1 });
    expect(write).toMatchObject({ outcome: "merged", version: 3 });
    expect((await state.read("count"))?.value).toBe(18);
    expect(seen).toEqual([
      {
        state: "state",
        key: "count",
        current: 15,
        currentVersion: 2,
        modifiedBy: "one",
        attempted: 13,
        expectedVersion: 1,
        agent: "other",
        base: 10,
      },
    ]);
  });

  it("waits for a function that is async, and has no base where that is no longer known", async () => {
    const state = sharedState({ strategy: async (met) => ("base" in met ? "known" : "unknown") });
    for (let n = 0; n < 30; n++) await state.write("a", n);
    await state.write("a", "x", { expectedVersion: 20 });
    expect((await state.read("a"))?.value).toBe("known");
    await state.write("a", "x", { expectedVersion: 5 });
    expect((await state.read("a"))?.value).toBe("unknown");
  });

  it("is not written where the function throws, or gives what is no plain JSON", async () => {
    const boom = new Error("boom");
    const given: unknown[] = [undefined, new Map(), { at: new Date(0) }];
    const state = sharedState({
      strategy: () => {
        if (given.length === 0) throw boom;
        return given.shift();
      },
    });
    await state.write("a", 1);
    const write = () => state.write("a", 2, { expectedVersion: 0 });
    await expect(write()).rejects.toThrow('the strategy of "a" must return plain JSON, got undefined');
    await expect(write()).rejects.toThrow('the value of "a" by its strategy must be plain JSON, got a Map');
    await expect(write()).rejects.toThrow("by its strategy.at must be plain JSON, got a Date");
    await expect(write()).rejects.toBe(boom);
    expect(await state.read("a")).toMatchObject({ value: 1, version: 1 });
  });

  it.each<[StrategyChoice, unknown, string]>([
    ["merge", { b: 2 }, "merged"],
    ["merge-arrays", { b: 2 }, "merged"],
    ["last-write-wins", { b: 2 }, "written"],
    ["first-write-wins", undefined, "kept"],
    [({ current, attempted }) => current ?? attempted, { b: 2 }, "merged"],
    [() => undefined, undefined, "merged"],
  ])("meets a deletion: %s", async (strategy, value, outcome) => {
    const state = sharedState({ strategy });
    await state.write("a", { a: 1 });
    await state.delete("a");
    const write = await state.write("a", { b: 2 }, { expectedVersion: 1 });
    expect(write.outcome).toBe(outcome);
    expect((await state.read("a"))?.value).toEqual(value);
  });

  it.each<[StrategyChoice, unknown, string]>([
    ["merge", { a: 2 }, "kept"],
    ["merge-arrays", { a: 2 }, "kept"],
    ["first-write-wins", { a: 2 }, "kept"],
    ["last-write-wins", undefined, "deleted"],
    [({ current }) => current, { a: 2 }, "merged"],
    [() => undefined, undefined, "merged"],
  ])("is a deletion that meets a write: %s", async (strategy, value, outcome) => {
    const state = sharedState({ strategy });
    await state.write("a", { a: 1 });
    await state.write("a", { a: 2 });
    expect((await state.delete("a", { expectedVersion: 1 })).outcome).toBe(outcome);
    expect((await state.read("a"))?.value).toEqual(value);
  });
});

describe("a write that is interrupted again and again", () => {
  const values = [["x"], ["x", "y"], ["x", "y", "z"]];

  it("is joined with what is there by then, and loses nothing", async () => {
    const store = { state: interrupted("a", values) };
    const state = sharedState({ store, strategy: "merge-arrays" });
    await state.write("a", [], { agent: "setup" });
    const write = await state.write("a", ["mine"], { agent: "me", expectedVersion: 1 });
    expect(write).toMatchObject({ outcome: "merged", version: 5, conflict: { expectedVersion: 1 } });
    expect((await state.read("a"))?.value).toEqual(["x", "y", "z", "mine"]);
    expect(state.stats()).toMatchObject({ conflicts: 1, retries: 3, commits: 2 });
  });

  it("is refused under reject the first time", async () => {
    const state = sharedState({ store: { state: interrupted("a", values) } });
    await state.write("a", [], { agent: "setup" });
    await expect(state.write("a", ["mine"], { agent: "me", expectedVersion: 1 })).rejects.toMatchObject({
      current: ["x"],
      currentVersion: 2,
    });
    expect(state.stats()).toMatchObject({ conflicts: 1, rejected: 1, retries: 0 });
  });

  it("wins under last-write-wins, by the order of versions and for all who read", async () => {
    const store = { state: interrupted("a", values) };
    const state = sharedState({ store, strategy: "last-write-wins" });
    await state.write("a", [], { agent: "setup" });
    await state.write("a", ["mine"], { agent: "me", expectedVersion: 1 });
    const history = await state.history("a");
    expect(history[0]).toMatchObject({ value: ["mine"], agent: "me" });
    expect((await state.read("a"))?.version).toBe(history[0]?.version);
  });

  it("ends with a conflict where it never comes through", async () => {
    const store = {
      state: interrupted(
        "a",
        Array.from({ length: 1_000 }, (_, n) => [n]),
      ),
    };
    const state = sharedState({ store, strategy: "merge-arrays", random: () => 0 });
    await state.write("a", [], { agent: "setup" });
    const write = state.write("a", ["mine"], { agent: "me", expectedVersion: 1 });
    await expect(write).rejects.toMatchObject({ code: "state_conflict", currentVersion: 101 });
    expect(state.stats().retries).toBe(99);
  });

  it("has one winner for all readers whatever the clocks of the writers say", async () => {
    const store = { state: memoryState() };
    const writers = [3, 1, 2].map((days) => {
      const clock = new ManualClock(Date.UTC(2026, 0, days));
      return sharedState({ store, clock, strategy: "last-write-wins" });
    });
    const writes = await Promise.all(
      writers.map((state, n) => state.write("a", n, { expectedVersion: 0, agent: `${n}` })),
    );
    const newest = Math.max(...writes.map(({ version }) => version));
    const winner = writes.findIndex(({ version }) => version === newest);
    const read = await Promise.all(writers.map((state) => state.read("a")));
    expect(read.map((one) => [one?.value, one?.version])).toEqual(writers.map(() => [winner, newest]));
  });
});

describe("a store that fails", () => {
  const failing = (error: Error): { name: string; state: StateStore } => ({
    name: "redis://somewhere",
    state: new Proxy(memoryState(), { get: () => () => Promise.reject(error) }),
  });

  it("is a StoreUnusableError with the cause, which says of a write that it may have been done", async () => {
    const cause = new Error("ECONNRESET");
    const state = sharedState({ store: failing(cause) });
    const unusable = { code: "store_unusable", cause, path: "redis://somewhere" };
    await expect(state.read("a")).rejects.toMatchObject(unusable);
    await expect(state.keys()).rejects.toMatchObject(unusable);
    await expect(state.history("a")).rejects.toMatchObject(unusable);
    await expect(state.lock("a")).rejects.toMatchObject(unusable);
    await expect(state.write("a", 1)).rejects.toMatchObject(unusable);
    await expect(state.write("a", 1)).rejects.toThrow("which it may have done or not");
  });

  it("leaves an error of ours as it is", async () => {
    const error = new StateConflictError({
      state: "s",
      key: "a",
      current: 1,
      currentVersion: 1,
      modifiedBy: "x",
      attempted: 2,
      expectedVersion: 0,
      agent: "y",
    });
    await expect(sharedState({ store: failing(error) }).read("a")).rejects.toBe(error);
  });

  it("is told of where somebody else has put there what is no JSON", async () => {
    const store = { state: memoryState() };
    const put = (text: string) =>
      store.state.commit({
        space: "state",
        changes: [{ key: "a", text, agent: "x", expected: undefined }],
        checks: [],
        listed: undefined,
        fences: [],
        maxKeys: 10,
        atMs: 0,
      });
    const state = sharedState({ store });
    await put("{");
    await expect(state.read("a")).rejects.toThrow(SyntaxError);
    await put('{"__proto__":{"a":1}}');
    await expect(state.read("a")).rejects.toThrow("the key __proto__ is not allowed");
    await put(`"${"x".repeat(1_100_000)}"`);
    await expect(state.read("a")).rejects.toThrow(RangeError);
  });
});
