import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { FAILURE_FIELD } from "../../../src/resilience/failure-mark.ts";
import { cascadeGuard } from "../../../src/resilience/guard/cascade-guard.ts";
import type { CascadeGuardOptions } from "../../../src/resilience/guard/guard-options.ts";
import type { ProtectNodeOptions } from "../../../src/resilience/guard/node-options.ts";
import { link, type State, setUp, writer } from "./support.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

describe("a long run", () => {
  it("takes no more memory after 20,000 turns of a circle than after 2,000", () => {
    const { guard } = setUp();
    const there = guard.protectNode("there", { readsFrom: ["x"] }, ({ n, x }: State): State => {
      return { n, x, y: `made from ${x}` };
    });
    const step = guard.protectNode("step", { readsFrom: ["y"] }, ({ n }: State): State => {
      return { n: Number(n) + 1, x: "x".repeat(1_000) + n };
    });
    let state: State = { n: 0, x: "" };
    const turn = (times: number): number => {
      for (let i = 0; i < times; i++) state = step(there(state));
      gc();
      return process.memoryUsage().heapUsed;
    };
    const before = turn(2_000);
    const after = turn(18_000);
    expect(after - before).toBeLessThan(1_000_000);
  });

  it("still knows, with two versions of a field, that all is made from what is bad", () => {
    const { guard } = setUp({ maxVersions: 2 });
    const { node } = link(guard, "x", "y");
    let state = writer(guard, "x")({}, "wrong");
    for (let i = 0; i < 50; i++) state = node(state);
    guard.quarantine("x", { actor: "reviewer" });
    expect(guard.view(state)).toEqual({ x: null, y: null });
  });
});

describe("fields beyond maxFields", () => {
  const setUpTwo = () => {
    const { guard } = setUp({ maxFields: 2 });
    const spread = guard.protectNode("spread", { readsFrom: ["a"] }, (_: State): State => {
      return { b: 1, c: 1, d: 1 };
    });
    return { guard, state: { a: "wrong", ...spread({ a: "wrong" }) } };
  };

  it("are held back together", () => {
    const { guard, state } = setUpTwo();
    guard.quarantine("a", { actor: "reviewer" });
    expect(guard.view({ ...state, e: "of nobody" })).toEqual({ a: null, b: null, c: null, d: null, e: null });
    expect(guard.why("c")).toMatchObject({ field: "_OTHER", reason: "tainted", by: "reviewer" });
  });

  it("are released together, by hand", () => {
    const { guard, state } = setUpTwo();
    guard.quarantine("a", { actor: "reviewer" });
    expect(guard.release("c", { actor: "ada" })).toBe(false);
    expect(guard.release("_OTHER", { actor: "ada" })).toBe(true);
    expect(guard.view(state)).toEqual({ a: null, b: null, c: 1, d: 1 });
  });

  it("cannot be quarantined by nodes: that is said when the node is protected", () => {
    const { guard } = setUp({ maxFields: 2 });
    guard.protectNode("n", { quarantineOnFailure: ["a", "b"] }, (state: State): State => state);
    expect(() =>
      guard.protectNode("m", { quarantineOnFailure: ["c"] }, (state: State): State => state),
    ).toThrow(
      new RangeError("protectNode: quarantineOnFailure names 3 fields in all, and maxFields allows 2"),
    );
  });
});

describe("bad input", () => {
  it.each<[unknown, string]>([
    [{ quarantineTtlMs: 0 }, "cascadeGuard: quarantineTtlMs must be a whole number >= 1, got 0"],
    [{ quarantineTtlMs: Number.NaN }, "cascadeGuard: quarantineTtlMs must be a whole number >= 1, got NaN"],
    [{ quarantineTtlMs: "5m" }, 'cascadeGuard: quarantineTtlMs must be a whole number >= 1, got "5m"'],
    [
      { quarantineTtlMs: Infinity },
      "cascadeGuard: quarantineTtlMs must be a whole number >= 1, got Infinity",
    ],
    [{ maxFields: 0 }, "cascadeGuard: maxFields must be a whole number from 1 to 10000, got 0"],
    [{ maxVersions: 1 }, "cascadeGuard: maxVersions must be a whole number from 2 to 1000, got 1"],
    [{ maxRuns: -1 }, "cascadeGuard: maxRuns must be a whole number from 1 to 1000000, got -1"],
    [{ taint: "no" }, "cascadeGuard: taint must be a boolean, got no"],
    [{ runOf: "thread" }, "cascadeGuard: runOf must be a function, got thread"],
    [{ name: "" }, 'cascadeGuard: name must not be empty, got ""'],
    [{ ledger: {} }, "cascadeGuard: ledger must be a ledger, with a function record"],
  ])("is refused when the guard is made: %o", (options, message) => {
    expect(() => cascadeGuard(options as CascadeGuardOptions)).toThrow(message);
  });

  it.each<[unknown, string]>([
    [undefined, "protectNode: the second argument must be an object, got undefined"],
    [
      { quarantineOnFailure: "x" },
      "protectNode: quarantineOnFailure must be a list of field names, got string",
    ],
    [{ quarantineOnFailure: [1] }, "protectNode: quarantineOnFailure[0]: name must be a string, got number"],
    [{ readsFrom: ["a", ""] }, 'protectNode: readsFrom[1]: name must not be empty, got ""'],
    [{ readsFrom: ["__proto__"] }, 'protectNode: readsFrom[0]: "__proto__" cannot be the name of a field'],
    [{ quarantineOnFailure: [FAILURE_FIELD] }, `"${FAILURE_FIELD}" cannot be the name of a field`],
    [{ onFailure: "ignore" }, 'protectNode: onFailure must be "rethrow" or "continue", got "ignore"'],
    [{ trustFallback: 1 }, "protectNode: trustFallback must be a boolean, got 1"],
  ])("is refused when a node is protected: %o", (options, message) => {
    const { guard } = setUp();
    expect(() => guard.protectNode("n", options as ProtectNodeOptions, () => ({}))).toThrow(message);
  });

  it("is refused for the name and the function of a node, and for what is done by hand", () => {
    const { guard } = setUp();
    expect(() => guard.protectNode("", {}, () => ({}))).toThrow("protectNode: name must not be empty");
    expect(() => guard.protectNode("n", {}, 1 as never)).toThrow(
      "protectNode: the third argument must be a function",
    );
    expect(() => guard.release("x", { actor: "" })).toThrow(
      "cascadeGuard.release: actor: name must not be empty",
    );
    expect(() => guard.quarantine("__proto__", { actor: "ada" })).toThrow("cannot be the name of a field");
    expect(() => guard.run("", () => 1)).toThrow("cascadeGuard.run: name must not be empty");
  });

  it.each([null, undefined, "state", 7, []])("is refused for a state that is no object: %o", (state) => {
    const { guard } = setUp();
    const node = guard.protectNode("n", {}, (given: unknown): unknown => given);
    expect(() => node(state)).toThrow(/^node "n": the state must be an object, got /);
  });

  it("is no harm as a field that a state has all the same", () => {
    const { guard } = setUp();
    const fields = JSON.parse('{"__proto__": 1, "": 2, "constructor": 3, "hasOwnProperty": 4}') as State;
    expect(JSON.stringify(guard.view(fields))).toBe(JSON.stringify(fields));
  });
});
