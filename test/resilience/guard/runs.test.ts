import { describe, expect, it } from "vitest";
import { boom, failing, link, type State, setUp, TTL, writer } from "./support.ts";

/** Extract, which may fail, then analyse; between the two, others get their turn. */
function requests(options = {}) {
  const { guard, clock } = setUp(options);
  const extract = guard.protectNode(
    "extract",
    { quarantineOnFailure: ["entities"], readsFrom: ["document"], onFailure: "continue" },
    async (state: State, ..._config: unknown[]): Promise<State> => {
      await Promise.resolve();
      if (state["document"] === "bad") throw boom;
      return { ...state, entities: `of ${state["document"]}` };
    },
  );
  const analyse = guard.protectNode(
    "analyse",
    { readsFrom: ["entities"] },
    async (state: State, ..._config: unknown[]): Promise<State> => ({
      ...state,
      analysis: `about ${state["entities"]}`,
    }),
  );
  const handle = async (document: string, ...config: unknown[]): Promise<unknown> => {
    const state = await extract({ document }, ...config);
    await new Promise((resolve) => setImmediate(resolve));
    return (await analyse(state, ...config))["analysis"];
  };
  return { guard, clock, handle, extract, analyse };
}

describe("two requests at the same time, one of which fails", () => {
  it("are apart within guard.run", async () => {
    const { guard, handle } = requests();
    const both = await Promise.all(["good", "bad"].map((document) => guard.run(() => handle(document))));
    expect(both).toEqual(["about of good", "about null"]);
  });

  it("are apart by the thread in what LangGraph gives its nodes", async () => {
    const { handle } = requests();
    const inThread = (document: string) => handle(document, { configurable: { thread_id: document } });
    expect(await Promise.all([inThread("good"), inThread("bad")])).toEqual(["about of good", "about null"]);
  });

  it("are apart by what runOf says", async () => {
    const { handle } = requests({ runOf: (_: unknown, tenant: unknown) => tenant });
    const both = await Promise.all([handle("good", "a"), handle("bad", "b")]);
    expect(both).toEqual(["about of good", "about null"]);
  });

  it("share what is quarantined where nothing tells them apart, and never a value", async () => {
    const { handle, extract, analyse, clock } = requests();
    expect(await Promise.all([handle("good"), handle("bad")])).toEqual(["about null", "about null"]);
    const mine = await extract({ document: "mine" });
    const failed = await extract({ ...mine, document: "bad" });
    clock.advance(TTL);
    // A state that came from nowhere gets no value of another one.
    expect(await analyse({ entities: null })).toMatchObject({ entities: null });
    expect(failed).toMatchObject({ entities: null });
  });
});

describe("a run", () => {
  it("of an id goes on with what was quarantined in it before", () => {
    const { guard } = setUp();
    const write = writer(guard, "x");
    guard.run("job 1", () => failing(write, {}));
    expect(guard.why("x", "job 1")).toBeDefined();
    expect(guard.why("x", "job 2")).toBeUndefined();
    expect(guard.why("x")).toBeUndefined();
    expect(guard.run("job 1", () => guard.why("x"))).toBeDefined();
  });

  it("that somebody named is that of a node whatever its arguments say", () => {
    const { guard } = setUp();
    const fail = guard.protectNode(
      "n",
      { quarantineOnFailure: ["x"] },
      (_: State, _config: unknown): State => {
        throw boom;
      },
    );
    const config = { configurable: { thread_id: "t" } };
    expect(() => guard.run("job", () => fail({}, config))).toThrow(boom);
    expect(guard.why("x", "job")).toBeDefined();
    expect(guard.why("x", "t")).toBeUndefined();
  });

  it("that nobody named gives values to states that came from one another, and to those that they came from", () => {
    const { guard, clock } = setUp();
    const write = guard.protectNode(
      "n",
      { quarantineOnFailure: ["x"] },
      (_: State, fails: boolean): State => {
        if (fails) throw boom;
        return { x: "good" };
      },
    );
    const state = {};
    write(state, false);
    expect(() => write(state, true)).toThrow(boom);
    clock.advance(TTL);
    expect(guard.view(state)).toEqual({ x: "good" });
    expect(guard.view({})).toEqual({ x: null });
  });

  it("of a function is over with it", () => {
    const { guard } = setUp();
    const write = writer(guard, "x");
    guard.run(() => failing(write, {}));
    expect(guard.run(() => guard.why("x"))).toBeUndefined();
  });

  it("is that of the node around it for a node that says nothing else", () => {
    const { guard } = setUp();
    const inner = writer(guard, "x");
    const outer = guard.protectNode(
      "outer",
      {},
      (state: State, _config: unknown): State => failing(inner, state),
    );
    outer({}, { configurable: { thread_id: "t" } });
    expect(guard.why("x", "t")).toBeDefined();
    expect(guard.why("x")).toBeUndefined();
  });

  it("of one guard is none of another one's business", () => {
    const { guard } = setUp();
    const { guard: other } = setUp();
    const { node, seen } = link(other, "x", "y");
    const write = writer(guard, "x");
    guard.run("a", () => other.run("b", () => node(failing(write, { x: 1 }))));
    expect(seen).toEqual([1]);
    expect(guard.why("x", "a")).toBeDefined();
  });
});

describe("the number of runs", () => {
  it("is bounded: those that hold nothing back are let go, the one used longest ago first", () => {
    const { guard } = setUp({ maxRuns: 2 });
    const write = writer(guard, "x");
    guard.run("held", () => failing(write, {}));
    for (let i = 0; i < 10; i++) guard.run(`clean ${i}`, () => write({}, i));
    expect(guard.why("x", "held")).toBeDefined();
  });

  it("beyond the bound, runs share what is quarantined, until that is released", () => {
    const { guard } = setUp({ maxRuns: 1 });
    const write = writer(guard, "x");
    guard.run("a", () => failing(write, {}));
    guard.run("b", () => failing(write, {}));
    expect(guard.why("x", "a")).toBeDefined();
    expect(guard.why("x", "b")).toBeDefined();
    expect(guard.why("x", "c")).toBeDefined();
    guard.run("c", () => write({}, "good"));
    expect(guard.why("x", "b")).toBeUndefined();
  });

  it("beyond the bound, a run goes on sharing once there is room, while anything is held back from it", () => {
    const { guard } = setUp({ maxRuns: 1 });
    const write = writer(guard, "x");
    guard.run("a", () => failing(write, {}));
    guard.run("b", () => failing(write, {}));
    guard.release("x", { actor: "ada", run: "a" });
    expect(guard.why("x", "b")).toBeDefined();
  });

  it("beyond the bound, one that holds nothing back goes before one whose time is over", () => {
    const { guard, clock } = setUp({ maxRuns: 2 });
    const write = writer(guard, "x");
    guard.run("over", () => failing(write, {}));
    clock.advance(TTL);
    guard.run("clean", () => write({}, 1));
    guard.run("new", () => write({}, 1));
    expect(guard.why("x", "over")).toBeDefined();
  });

  it("beyond the bound, one whose time is over makes room", () => {
    const { guard, clock } = setUp({ maxRuns: 1 });
    const write = writer(guard, "x");
    guard.run("a", () => failing(write, {}));
    clock.advance(TTL);
    expect(guard.why("x", "b")).toBeUndefined();
    expect(guard.why("x", "a")).toBeUndefined();
  });

  it("does not let go of a run in which a node is at work", async () => {
    const { guard } = setUp({ maxRuns: 1 });
    const gate = Promise.withResolvers<void>();
    const slow = guard.protectNode(
      "slow",
      { quarantineOnFailure: ["x"] },
      async (_: State): Promise<State> => {
        await gate.promise;
        throw boom;
      },
    );
    const late = guard.run("a", () => slow({}));
    guard.run("b", () => writer(guard, "y")({}, 1));
    gate.resolve();
    await late.catch(() => {});
    expect(guard.why("x", "a")).toBeDefined();
  });
});
