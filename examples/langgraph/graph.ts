import { Annotation, MemorySaver, StateGraph } from "@langchain/langgraph";
import type { CascadeGuard, CircuitBreaker } from "agent-otel";
import type { Agents } from "./agents.ts";

const State = Annotation.Root({
  raw_document: Annotation<string>,
  extracted_entities: Annotation<string[] | null>,
  analysis: Annotation<string>,
});
type State = typeof State.State;
type Update = typeof State.Update;

export interface GraphOptions {
  readonly agents: Agents;
  /** Stops asking an extractor that keeps failing. */
  readonly breaker: CircuitBreaker;
  /** Keeps what it has left behind from the analyst. */
  readonly guard: CascadeGuard;
}

/** extract, then analyse. Each node stays an ordinary function of the state. */
export function makeGraph({ agents, breaker, guard }: GraphOptions) {
  const extractEntities = breaker.protect(agents.extract);

  const extract = guard.protectNode(
    "extract_agent",
    { quarantineOnFailure: ["extracted_entities"], readsFrom: ["raw_document"], onFailure: "continue" },
    async ({ raw_document }: State): Promise<Update> => ({
      extracted_entities: await extractEntities(raw_document),
    }),
  );

  const analyse = guard.protectNode(
    "analyse_agent",
    { readsFrom: ["extracted_entities"] },
    async ({ extracted_entities }: State): Promise<Update> => {
      if (extracted_entities === null) return { analysis: "Entities unavailable, upstream agent degraded." };
      return { analysis: await agents.analyse(extracted_entities) };
    },
  );

  return new StateGraph(State)
    .addNode("extract", extract)
    .addNode("analyse", analyse)
    .addEdge("__start__", "extract")
    .addEdge("extract", "analyse")
    .compile({ checkpointer: new MemorySaver() });
}
