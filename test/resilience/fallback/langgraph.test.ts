import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { cachedFallback } from "../../../src/resilience/fallback/cached-fallback.ts";
import { escalateFallback } from "../../../src/resilience/fallback/escalate-fallback.ts";
import type { Fallback } from "../../../src/resilience/fallback/fallback.ts";
import { wrap } from "../../../src/resilience/wrap.ts";
import { boom } from "./support.ts";

const State = Annotation.Root({ query: Annotation<string>(), research: Annotation<string>() });

/** A real graph with one node, which fails once it is told to. */
function graphWith(fallback: Fallback, works: () => boolean) {
  const research = wrap()
    .onFailure(fallback)
    .around(async function research(state: typeof State.State): Promise<Partial<typeof State.State>> {
      if (!works()) throw boom;
      return { research: `about ${state.query}` };
    });
  return new StateGraph(State)
    .addNode("researcher", research)
    .addEdge(START, "researcher")
    .addEdge("researcher", END);
}

describe("a node of a real graph", () => {
  it("gets the answer of an earlier run from its cached fallback", async () => {
    let works = true;
    const graph = graphWith(cachedFallback({ maxAgeMs: 60_000 }), () => works).compile();
    await graph.invoke({ query: "storms" });
    works = false;
    expect(await graph.invoke({ query: "storms" })).toMatchObject({ research: "about storms" });
    await expect(graph.invoke({ query: "floods" })).rejects.toThrow("boom");
  });

  it("gets no answer of another thread from it", async () => {
    let works = true;
    const builder = graphWith(cachedFallback({ maxAgeMs: 60_000 }), () => works);
    const graph = builder.compile({ checkpointer: new MemorySaver() });
    const thread = (thread_id: string) => ({ configurable: { thread_id } });
    await graph.invoke({ query: "storms" }, thread("ada"));
    works = false;
    await expect(graph.invoke({ query: "storms" }, thread("bob"))).rejects.toThrow("boom");
  });

  it("lets the graph go on with what it had where a human is told", async () => {
    const graph = graphWith(
      escalateFallback(() => {}),
      () => false,
    ).compile();
    expect(await graph.invoke({ query: "storms" })).toMatchObject({ query: "storms" });
  });
});
