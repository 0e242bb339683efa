import { describe, expect, it } from "vitest";
import { type StrategyChoice, sharedState } from "../../../src/memory/shared-state.ts";

const ALL = '"last-write-wins", "first-write-wins", "merge", "merge-arrays", "reject" or a function';

describe("strategies", () => {
  it.each<[unknown, string]>([
    ["newest", 'strategy must be one of "last-write-wins"'],
    [7, "got 7"],
    [null, "got null"],
    [["merge"], "got merge"],
    [{ keys: { plan: "toString" } }, 'strategy.keys["plan"] must be one of'],
    [{ keys: { plan: "merge" }, default: "constructor" }, "strategy.default must be one of"],
    [{ default: "merge" }, "strategy.keys must be an object"],
    [{}, "strategy.keys must be an object"],
  ])("refuse %j, and say what there is", (strategy, message) => {
    const make = () => sharedState({ strategy: strategy as StrategyChoice });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it("are all named where one is unknown", () => {
    const make = () => sharedState({ strategy: "newest" as StrategyChoice });
    expect(make).toThrow(ALL);
    expect(make).toThrow('got "newest"');
  });

  it("can be another one for each key, also for those that an object has by itself", async () => {
    const keys = { plan: "merge", toString: "last-write-wins" } as const;
    const state = sharedState({ strategy: { default: "first-write-wins", keys } });
    for (const key of ["plan", "toString", "other"]) await state.write(key, { a: 1 });
    const write = async (key: string) => {
      await state.write(key, { b: 2 }, { expectedVersion: 0 });
      return (await state.read(key))?.value;
    };
    expect(await write("plan")).toEqual({ a: 1, b: 2 });
    expect(await write("toString")).toEqual({ b: 2 });
    expect(await write("other")).toEqual({ a: 1 });
  });

  it("are reject where nothing is said, also for keys that have none of their own", async () => {
    for (const state of [sharedState(), sharedState({ strategy: { keys: { plan: "merge" } } })]) {
      await state.write("a", 1);
      await expect(state.write("a", 2, { expectedVersion: 0 })).rejects.toMatchObject({
        code: "state_conflict",
      });
    }
  });
});
