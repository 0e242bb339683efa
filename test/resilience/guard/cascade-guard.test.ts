import { describe, expect, it } from "vitest";
import { boom, failing, link, type State, setUp, TTL, writer } from "./support.ts";

describe("a field whose node failed", () => {
  it("is null for readers, for as long as the quarantine lasts", () => {
    const { guard, clock } = setUp();
    const write = writer(guard, "x");
    const { node, seen } = link(guard, "x", "y");
    const state = failing(write, write({}, "good"));
    node(state);
    clock.advance(TTL - 1);
    node(state);
    expect(seen).toEqual([null, null]);
  });

  it("is null for readers also where the state has no such field", () => {
    const { guard } = setUp();
    const { node, seen } = link(guard, "x", "y");
    node(failing(writer(guard, "x"), {}));
    expect(seen).toEqual([null]);
  });

  it("says why it is null", () => {
    const { guard, clock } = setUp();
    failing(writer(guard, "x"), {});
    const since = clock.now();
    expect(guard.why("x")).toEqual({
      field: "x",
      reason: "quarantined",
      by: "writes_x",
      node: "writes_x",
      since,
      until: since + TTL,
    });
  });

  it("is the last good version once the time is over, and never the bad one", () => {
    const { guard, clock } = setUp();
    const write = writer(guard, "x");
    const { node, seen } = link(guard, "x", "y");
    const state = failing(write, write({}, "good"));
    clock.advance(TTL);
    node(state);
    expect(seen).toEqual(["good"]);
    expect(guard.why("x")).toBeDefined();
  });

  it("stays null once the time is over where there was no good version", () => {
    const { guard, clock } = setUp();
    const { node, seen } = link(guard, "x", "y");
    const state = failing(writer(guard, "x"), {});
    clock.advance(10 * TTL);
    node(state);
    expect(seen).toEqual([null]);
  });

  it("is released by a newer good write", () => {
    const { guard } = setUp();
    const write = writer(guard, "x");
    const { node, seen } = link(guard, "x", "y");
    node(write(failing(write, {}), "good"));
    expect(seen).toEqual(["good"]);
    expect(guard.why("x")).toBeUndefined();
  });

  it("is released by a write of another node as well", () => {
    const { guard } = setUp();
    const state = failing(writer(guard, "x"), {});
    guard.protectNode("other", {}, (given: State): State => ({ ...given, x: 1 }))(state);
    expect(guard.why("x")).toBeUndefined();
  });

  it("is not released by a run that had begun before the failure", async () => {
    const { guard } = setUp();
    const gate = Promise.withResolvers<void>();
    const slow = guard.protectNode("slow", { readsFrom: [] }, async (state: State): Promise<State> => {
      await gate.promise;
      return { ...state, x: "late" };
    });
    const late = slow({});
    failing(writer(guard, "x"), {});
    gate.resolve();
    await late;
    expect(guard.why("x")).toMatchObject({ reason: "quarantined" });
  });

  it("is not released by a node that hands its null on", () => {
    const { guard } = setUp();
    const state = failing(writer(guard, "x"), { x: "old", other: 1 });
    for (const hand of [(s: State) => s, (s: State) => ({ ...s }), (s: State) => ({ x: s["x"] })]) {
      guard.protectNode("hands_on", { readsFrom: ["x"] }, hand)(state);
    }
    expect(guard.why("x")).toBeDefined();
  });

  it("is not released by protecting its node anew", () => {
    const { guard } = setUp();
    failing(writer(guard, "x"), {});
    writer(guard, "x");
    expect(guard.why("x")).toBeDefined();
  });

  it("is not read by a node that did not say that it would", () => {
    const { guard } = setUp();
    const write = writer(guard, "x");
    const state = failing(write, write({}, "good"));
    const sneaky = guard.protectNode("sneaky", { readsFrom: [] }, (given: State): State => {
      return { got: given["x"] };
    });
    expect(sneaky(state)).toEqual({ got: null });
  });

  it("leaves other fields alone, and what is absent absent", () => {
    const { guard } = setUp();
    failing(writer(guard, "x"), {});
    const read = guard.protectNode(
      "read",
      { readsFrom: ["other", "absent"] },
      (given: State): State => given,
    );
    expect(read({ other: 1 })).toEqual({ other: 1 });
  });
});

describe("what was made from a version that turns out to be bad", () => {
  it("is bad as well, however far down", () => {
    const { guard } = setUp();
    const first = link(guard, "x", "y").node;
    const second = link(guard, "y", "z").node;
    const state = second(first(writer(guard, "x")({}, "silently wrong")));
    guard.quarantine("x", { actor: "reviewer" });
    expect(guard.view(state)).toEqual({ x: null, y: null, z: null });
    expect(guard.why("z")).toMatchObject({ reason: "tainted", by: "reviewer", node: "y_to_z" });
  });

  it("is bad also through a version that was replaced in the meantime", () => {
    const { guard } = setUp();
    const first = link(guard, "x", "y").node;
    const state = link(guard, "y", "z").node(first(writer(guard, "x")({}, "wrong")));
    const newer = writer(guard, "y")(state, "independent");
    guard.quarantine("x", { actor: "reviewer" });
    expect(guard.view(newer)).toMatchObject({ x: null, y: "independent", z: null });
  });

  it("stays good where the option says so", () => {
    const { guard } = setUp({ taint: false });
    const state = link(guard, "x", "y").node(writer(guard, "x")({}, "wrong"));
    guard.quarantine("x", { actor: "reviewer" });
    expect(guard.view(state)).toEqual({ x: null, y: 'made from "wrong"' });
  });

  it("is bad where its node was still at work when that came out", async () => {
    const { guard } = setUp();
    const gate = Promise.withResolvers<void>();
    const slow = guard.protectNode("slow", { readsFrom: ["x"] }, async (state: State): Promise<State> => {
      await gate.promise;
      return { y: `from ${state["x"]}` };
    });
    const late = slow(writer(guard, "x")({}, "wrong"));
    guard.quarantine("x", { actor: "reviewer" });
    gate.resolve();
    await late;
    expect(guard.why("y")).toMatchObject({ reason: "tainted", node: "slow" });
  });

  it("is not what was made from null in its place", () => {
    const { guard } = setUp();
    const { node } = link(guard, "x", "y");
    node(failing(writer(guard, "x"), {}));
    expect(guard.why("y")).toBeUndefined();
  });

  it("is found in a circle of nodes, which ends", () => {
    const { guard } = setUp();
    const there = link(guard, "x", "y").node;
    const back = link(guard, "y", "x").node;
    let state: State = { x: "start" };
    for (let i = 0; i < 10; i++) state = back(there(state));
    guard.quarantine("y", { actor: "reviewer" });
    expect(guard.view(state)).toEqual({ x: null, y: null });
  });

  it("is not read from an older state either, once a newer write has released the field", () => {
    const { guard } = setUp();
    const write = writer(guard, "x");
    const older = write({}, "wrong");
    guard.quarantine("x", { actor: "reviewer" });
    write(older, "right");
    expect(guard.view(older)).not.toMatchObject({ x: "wrong" });
    expect(guard.view(JSON.parse(JSON.stringify(older)) as State)).not.toMatchObject({ x: "wrong" });
  });

  it("is held back whole in a list that was put together from it and from what is good", () => {
    const { guard, clock } = setUp();
    const add = (name: string, from: string): string[] => {
      const node = (_: State): State => ({ list: [name] });
      const { list } = guard.protectNode(name, { readsFrom: [from] }, node)({ bad: "wrong", good: "right" });
      return list as string[];
    };
    guard.run(() => {
      const state = { list: [...add("one", "bad"), ...add("two", "good")] };
      expect(guard.view(state)).toEqual({ list: ["one", "two"] });
      guard.quarantine("bad", { actor: "reviewer" });
      expect(guard.view(state)).toMatchObject({ list: null });
      // Nor is a part of it the last good version.
      clock.advance(TTL);
      expect(guard.view(state)).toMatchObject({ list: null });
    });
  });

  it("is held back where nodes called by a failed node have written it", () => {
    const { guard } = setUp();
    const inner = writer(guard, "x", { quarantineOnFailure: [] });
    const { node: read } = link(guard, "x", "y");
    let state: State = {};
    const outer = guard.protectNode("outer", { quarantineOnFailure: ["x"] }, (given: State): State => {
      state = read(inner(given, "half done"));
      throw boom;
    });
    const outermost = guard.protectNode("outermost", {}, (given: State): State => outer(given));
    expect(() => outermost({})).toThrow(boom);
    expect(guard.view(state)).toEqual({ x: null, y: null });
  });

  it("is held back where nodes called by nodes that a failed node called have written it", () => {
    const { guard } = setUp();
    const inner = writer(guard, "x", { quarantineOnFailure: [] });
    const { node: read } = link(guard, "x", "y");
    let state: State = {};
    const middle = guard.protectNode("middle", {}, (given: State): State => {
      state = read(inner(given, "half done"));
      return {};
    });
    const outer = guard.protectNode("outer", { quarantineOnFailure: ["x"] }, (given: State): State => {
      middle(given);
      throw boom;
    });
    expect(() => outer({})).toThrow(boom);
    expect(guard.view(state)).toEqual({ x: null, y: null });
  });
});

describe("by hand", () => {
  it("a field is released as it is, and what was made from it is not", () => {
    const { guard } = setUp();
    const state = link(guard, "x", "y").node(writer(guard, "x")({}, "looks wrong"));
    guard.quarantine("x", { actor: "reviewer" });
    expect(guard.release("x", { actor: "ada" })).toBe(true);
    expect(guard.view(state)).toEqual({ x: "looks wrong", y: null });
  });

  it("what is made from a released field is good, whatever that was made from", () => {
    const { guard } = setUp();
    const state = link(guard, "x", "y").node(writer(guard, "x")({}, "wrong"));
    guard.quarantine("x", { actor: "reviewer" });
    guard.release("y", { actor: "ada" });
    link(guard, "y", "z").node(state);
    expect(guard.why("z")).toBeUndefined();
  });

  it("a field that is not held back is not released", () => {
    const { guard } = setUp();
    expect(guard.release("x", { actor: "ada" })).toBe(false);
  });

  it("a field is quarantined that nobody has seen yet", () => {
    const { guard } = setUp();
    guard.quarantine("x", { actor: "reviewer" });
    writer(guard, "x")({}, "right");
    expect(guard.view({ x: "what it was about" })).not.toMatchObject({ x: "what it was about" });
  });

  it("all that is held back can be listed", () => {
    const { guard } = setUp();
    failing(writer(guard, "x"), {});
    guard.quarantine("y", { actor: "reviewer" });
    expect(guard.quarantined().map(({ field, by }) => [field, by])).toEqual([
      ["x", "writes_x"],
      ["y", "reviewer"],
    ]);
  });

  it("readStrict throws for what a reader would get null for, and gives all else", () => {
    const { guard, clock } = setUp();
    const write = writer(guard, "x");
    const state = failing(write, write({ other: null }, "good"));
    expect(guard.readStrict(state, "other")).toBeNull();
    expect(() => guard.readStrict(state, "x")).toThrow(
      expect.objectContaining({
        code: "quarantined_field",
        field: "x",
        reason: "quarantined",
        by: "writes_x",
      }),
    );
    clock.advance(TTL);
    expect(guard.readStrict(state, "x")).toBe("good");
  });

  it("readStrict within a node is about what the node was given", () => {
    const { guard } = setUp();
    const state = failing(writer(guard, "x"), {});
    const strict = guard.protectNode("strict", { readsFrom: ["x"] }, (given: State): State => {
      // Too late for this node, which has its null already.
      guard.release("x", { actor: "ada" });
      return { y: guard.readStrict(given, "x") };
    });
    expect(() => strict(state)).toThrow('field "x" is quarantined because of "writes_x"');
  });
});
