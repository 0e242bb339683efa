import { Annotation, Command, interrupt, MemorySaver, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod/v4";
import { type CascadeGuard, cascadeGuard } from "../../../src/resilience/guard/cascade-guard.ts";
import type { CascadeGuardOptions } from "../../../src/resilience/guard/guard-options.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";

const State = Annotation.Root({
  raw_document: Annotation<string>,
  extracted_entities: Annotation<string[] | null>,
  analysis: Annotation<string>,
  log: Annotation<string[]>({ reducer: (before, added) => before.concat(added), default: () => [] }),
});
type State = typeof State.State;
type Update = typeof State.Update;

const DEGRADED = "Entities unavailable, upstream agent degraded.";
const TTL = 300_000;

/** The graph of the source: extract, then analyse. A document that starts with "bad" makes extract fail. */
function setUp(options: CascadeGuardOptions = {}) {
  const clock = new ManualClock();
  const guard = cascadeGuard({ clock, metrics: new MetricSources(), ...options });
  const seen: unknown[] = [];
  const extract = guard.protectNode(
    "extract_agent",
    { quarantineOnFailure: ["extracted_entities"], readsFrom: ["raw_document"], onFailure: "continue" },
    async (state: State): Promise<Update> => {
      if (state.raw_document.startsWith("bad")) throw new Error("model answered nonsense");
      return { extracted_entities: state.raw_document.split(" "), log: ["extracted"] };
    },
  );
  const analyse = guard.protectNode(
    "analyse_agent",
    { readsFrom: ["extracted_entities"] },
    async ({ extracted_entities }: State): Promise<Update> => {
      seen.push(extracted_entities);
      return { analysis: extracted_entities?.join("+") ?? DEGRADED, log: ["analysed"] };
    },
  );
  const graph = new StateGraph(State)
    .addNode("extract", extract)
    .addNode("analyse", analyse)
    .addEdge("__start__", "extract")
    .addEdge("extract", "analyse");
  return { clock, guard, seen, graph };
}

const onThread = (thread_id: string) => ({ configurable: { thread_id } });

describe("a LangGraph graph with protected nodes", () => {
  it("gives the next node what a node that worked has returned", async () => {
    const { graph } = setUp();
    const end = await graph.compile().invoke({ raw_document: "otter river" });
    expect(end).toMatchObject({ analysis: "otter+river", log: ["extracted", "analysed"] });
  });

  it("gives the next node null although the graph's own state has the older value", async () => {
    const { graph, seen } = setUp();
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ raw_document: "otter" }, onThread("t"));
    const end = await app.invoke({ raw_document: "bad" }, onThread("t"));
    expect(seen).toEqual([["otter"], null]);
    expect(end).toMatchObject({ analysis: DEGRADED, extracted_entities: ["otter"] });
  });

  it("recovers with the next run of the node that works", async () => {
    const { graph, guard, seen } = setUp();
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ raw_document: "bad" }, onThread("t"));
    expect(guard.why("extracted_entities", "t")).toMatchObject({
      reason: "quarantined",
      by: "extract_agent",
    });
    const end = await app.invoke({ raw_document: "river" }, onThread("t"));
    expect(seen).toEqual([null, ["river"]]);
    expect(end).toMatchObject({ analysis: "river" });
    expect(guard.why("extracted_entities", "t")).toBeUndefined();
  });

  it("gives the last good version once the time is over, from a state that was stored", async () => {
    const { graph, seen, clock } = setUp();
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ raw_document: "otter" }, onThread("t"));
    await app.invoke({ raw_document: "bad" }, onThread("t"));
    clock.advance(TTL);
    await app.invoke({ raw_document: "bad again" }, onThread("t")).catch(() => {});
    clock.advance(TTL);
    await app.invoke(new Command({ goto: "analyse" }), onThread("t"));
    expect(seen).toEqual([["otter"], null, null, ["otter"]]);
  });

  it("holds nothing back in another thread", async () => {
    const { graph, seen } = setUp();
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ raw_document: "bad" }, onThread("a"));
    await app.invoke({ raw_document: "river" }, onThread("b"));
    await app.invoke(new Command({ goto: "analyse" }), onThread("a"));
    expect(seen).toEqual([null, ["river"], null]);
  });

  it("keeps runs at the same time apart where there are no threads", async () => {
    const { graph, seen } = setUp();
    const app = graph.compile();
    const documents = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? `bad ${i}` : `word ${i}`));
    const ends = await Promise.all(documents.map((raw_document) => app.invoke({ raw_document })));
    expect(ends.map(({ analysis }) => analysis)).toEqual(
      documents.map((text) => (text.startsWith("bad") ? DEGRADED : text.replace(" ", "+"))),
    );
    expect(seen.filter((each) => each === null)).toHaveLength(10);
  });

  it("does not add to a list when it goes on after a failure", async () => {
    const { graph } = setUp();
    const end = await graph.compile().invoke({ raw_document: "bad", log: ["started"] });
    expect(end.log).toEqual(["started", "analysed"]);
  });

  it("throws the node's own error where it is told to", async () => {
    const { guard } = setUp();
    const boom = new Error("boom");
    const node = guard.protectNode("n", { quarantineOnFailure: ["analysis"] }, (): Update => {
      throw boom;
    });
    const app = new StateGraph(State).addNode("n", node).addEdge("__start__", "n").compile();
    await expect(app.invoke({ raw_document: "d" })).rejects.toBe(boom);
  });

  it("takes an interrupt for no failure", async () => {
    const { guard } = setUp();
    const node = guard.protectNode("ask", { quarantineOnFailure: ["analysis"] }, (): Update => {
      return { analysis: interrupt("may I?") };
    });
    const graph = new StateGraph(State).addNode("ask", node).addEdge("__start__", "ask");
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ raw_document: "d" }, onThread("t"));
    expect(guard.quarantined("t")).toEqual([]);
    expect(await app.invoke(new Command({ resume: "yes" }), onThread("t"))).toMatchObject({
      analysis: "yes",
    });
  });

  it("sees what a node writes with a command", async () => {
    const { guard } = setUp();
    const { app, seen } = commandGraph(guard);
    await app.invoke({ raw_document: "d" }, onThread("t"));
    // Written by a node that had read this.
    guard.quarantine("raw_document", { actor: "reviewer", run: "t" });
    await app.invoke(new Command({ goto: "read" }), onThread("t"));
    expect(seen).toEqual([["from a command"], null]);
  });

  it("holds back a list that was put together from what is bad, in each of its versions", async () => {
    const { guard } = setUp();
    const seen: unknown[] = [];
    const add = (name: string) =>
      guard.protectNode(name, { readsFrom: ["raw_document"] }, (): Update => ({ log: [name] }));
    const read = guard.protectNode("read", { readsFrom: ["log"] }, ({ log }: State): Update => {
      seen.push(log);
      return {};
    });
    const judge = guard.protectNode("judge", {}, (): Update => {
      guard.quarantine("raw_document", { actor: "judge" });
      return {};
    });
    const app = new StateGraph(State)
      .addSequence({ one: add("one"), two: add("two"), read, judge, again: read })
      .addEdge("__start__", "one")
      .compile();
    await app.invoke({ raw_document: "d" });
    expect(seen).toEqual([["one", "two"], null]);
  });

  it("protects nodes of a graph whose state is a zod schema", async () => {
    const schema = z.object({ a: z.number().nullish(), b: z.number().nullish() });
    const guard = cascadeGuard({ metrics: new MetricSources() });
    type Both = z.infer<typeof schema>;
    const options = { quarantineOnFailure: ["a"], onFailure: "continue" as const };
    const first = guard.protectNode("first", options, (_state: Both): Both => {
      throw new Error("boom");
    });
    const second = guard.protectNode("second", {}, ({ a }: Both): Both => ({ b: a === null ? 1 : 2 }));
    const app = new StateGraph(schema)
      .addNode("first", first)
      .addNode("second", second)
      .addEdge("__start__", "first")
      .addEdge("first", "second")
      .compile();
    expect(await app.invoke({ a: 7 })).toMatchObject({ b: 1 });
  });
});

function commandGraph(guard: CascadeGuard) {
  const seen: unknown[] = [];
  const write = guard.protectNode("write", { quarantineOnFailure: ["extracted_entities"] }, () => {
    return new Command({ update: { extracted_entities: ["from a command"] }, goto: "read" });
  });
  const read = guard.protectNode("read", {}, ({ extracted_entities }: State): Update => {
    seen.push(extracted_entities);
    return {};
  });
  const app = new StateGraph(State)
    .addNode("write", write, { ends: ["read"] })
    .addNode("read", read)
    .addEdge("__start__", "write")
    .compile({ checkpointer: new MemorySaver() });
  return { app, seen };
}
