import { describe, expect, it } from "vitest";
import { FAILURE_FIELD } from "../../../src/resilience/failure-mark.ts";
import { boom, link, type State, setUp, writer } from "./support.ts";

const OWN = { quarantineOnFailure: ["x"], readsFrom: [] };

describe("a node that throws", () => {
  it("throws the same error to its caller, at once or as a rejection, as it does itself", async () => {
    const { guard } = setUp();
    const sync = guard.protectNode("sync", OWN, (_: State): State => {
      throw boom;
    });
    const later = guard.protectNode("later", OWN, async (_: State): Promise<State> => {
      throw boom;
    });
    expect(() => sync({})).toThrow(boom);
    await expect(later({})).rejects.toBe(boom);
  });

  it("gives its caller the state with null and the failure mark, where it is to go on", async () => {
    const { guard } = setUp();
    const node = guard.protectNode(
      "n",
      { ...OWN, onFailure: "continue" },
      async (state: State): Promise<State> => {
        state["x"] = "garbage";
        state["other"] = "changed";
        throw boom;
      },
    );
    expect(await node({ x: "old", other: "as it was" })).toEqual({
      x: null,
      other: "as it was",
      [FAILURE_FIELD]: expect.objectContaining({
        breaker: "n",
        message: "boom",
        stack: expect.stringContaining("at "),
      }),
    });
  });

  it("leaves nothing of what it had already written in the state of its caller", () => {
    const { guard } = setUp();
    const node = guard.protectNode("n", OWN, (state: State): State => {
      state["x"] = "garbage";
      (state["list"] as string[]).push("garbage");
      throw boom;
    });
    const state = { list: ["good"] };
    expect(() => node(state)).toThrow(boom);
    expect(state).toEqual({ list: ["good"] });
  });
});

describe("a node whose answer is marked as failed", () => {
  const marked = { x: "from a fallback", y: 1, [FAILURE_FIELD]: { breaker: "b" } };

  it("has failed: its fields are null, in what it returns too, and the mark stays", () => {
    const { guard } = setUp();
    const node = guard.protectNode("n", OWN, (_: State): State => marked);
    const answer = node({});
    expect(answer).toEqual({ x: null, y: 1, [FAILURE_FIELD]: { breaker: "b" } });
    expect(guard.why("x")).toMatchObject({ reason: "quarantined", by: "n" });
  });

  it("has worked where its fallback is trusted", () => {
    const { guard } = setUp();
    const node = guard.protectNode("n", { ...OWN, trustFallback: true }, (_: State): State => marked);
    expect(node({})).toBe(marked);
    expect(guard.why("x")).toBeUndefined();
  });

  it("is not the node after it, which hands the mark on", () => {
    const { guard } = setUp();
    const after = guard.protectNode("after", { quarantineOnFailure: ["z"] }, (state: State): State => {
      return { ...state, z: 1 };
    });
    expect(after(marked)).toMatchObject({ z: 1, [FAILURE_FIELD]: { breaker: "b" } });
    expect(guard.why("z")).toBeUndefined();
  });

  it("is a node that fails again in the same way", () => {
    const { guard } = setUp();
    const node = guard.protectNode("n", OWN, (_: State): State => structuredClone(marked));
    node(node({}));
    guard.release("x", { actor: "ada" });
    node(structuredClone(marked));
    expect(guard.why("x")).toBeDefined();
  });
});

describe("a node that works", () => {
  it("returns what it returns: the very object", () => {
    const { guard } = setUp();
    const result = { x: 1 };
    expect(guard.protectNode("n", OWN, (_: State): State => result)({})).toBe(result);
  });

  it("may change its state and return nothing", () => {
    const { guard } = setUp();
    const node = guard.protectNode("n", OWN, (state: State): void => {
      state["x"] = "written";
    });
    const state: State = {};
    node(state);
    expect(state).toEqual({ x: "written" });
    guard.quarantine("x", { actor: "reviewer" });
    expect(guard.view(state)).toEqual({ x: null });
  });

  it("has written a list that it was given and has added to", () => {
    const { guard } = setUp();
    const add = guard.protectNode("add", { readsFrom: ["from"] }, (state: State): State => {
      (state["list"] as unknown[]).push(state["from"]);
      return state;
    });
    const state = add({ list: [], from: "bad" });
    guard.quarantine("from", { actor: "reviewer" });
    expect(guard.view(state)).toEqual({ from: null, list: null });
  });

  it("has written nothing that it only hands on, as a whole copy of the state", () => {
    const { guard } = setUp();
    const hand = guard.protectNode("hand", { readsFrom: ["from"] }, (state: State): State => {
      return structuredClone(state);
    });
    const state = hand({ from: "bad", list: ["of another"] });
    guard.quarantine("from", { actor: "reviewer" });
    expect(guard.view(state)).toEqual({ from: null, list: ["of another"] });
  });

  it("keeps its arguments, its this, its name and the number of its arguments", () => {
    const { guard } = setUp();
    function named(this: unknown, _state: State, config: string): State {
      return { that: this, config };
    }
    const node = guard.protectNode("n", OWN, named);
    const self = {};
    expect(node.call(self, {}, "config")).toEqual({ that: self, config: "config" });
    expect([node.name, node.length]).toEqual(["named", 2]);
  });
});

describe("what nodes are given", () => {
  it("is a copy, down to the last list, date, map and set", () => {
    const { guard } = setUp();
    const state = {
      a: { b: [1] },
      d: new Date(0),
      m: new Map([["k", [1]]]),
      s: new Set([1]),
      u: new Uint8Array(2),
    };
    const before = structuredClone(state);
    const node = guard.protectNode("n", {}, (given: typeof state): State => {
      given.a.b.push(2);
      given.d.setTime(1);
      given.m.get("k")?.push(2);
      given.s.add(2);
      given.u[0] = 9;
      return {};
    });
    node(state);
    expect(state).toEqual(before);
  });

  it("is the last good version as it was, whatever its writer has done with its object since", () => {
    const { guard, clock } = setUp();
    const list = ["good"];
    const write = writer(guard, "x", { onFailure: "continue" });
    const state = write({}, list);
    list.push("later");
    const { node, seen } = link(guard, "x", "y");
    const failed = write(state, boom);
    clock.advance(300_000);
    node(failed);
    expect(seen).toEqual([["good"]]);
  });

  it("has the class, the symbols and the strange names of the state", () => {
    const { guard } = setUp();
    class Special {
      readonly toString = 1;
    }
    const key = Symbol("key");
    const state = Object.assign(new Special(), { [key]: 2 });
    const strange = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 3}') as State;
    const node = guard.protectNode("n", {}, (given: object): object => given);
    expect(node(state)).toBeInstanceOf(Special);
    expect(Reflect.get(node(state), key)).toBe(2);
    expect(JSON.stringify(node(strange))).toBe('{"__proto__":{"polluted":true},"constructor":3}');
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
