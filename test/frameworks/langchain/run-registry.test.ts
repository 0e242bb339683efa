import { describe, expect, it } from "vitest";
import { openAgent } from "../../../src/agent/told/told-calls.ts";
import { GraphRun } from "../../../src/frameworks/langchain/graph-run.ts";
import { Run } from "../../../src/frameworks/langchain/run.ts";
import { RunRegistry } from "../../../src/frameworks/langchain/run-registry.ts";
import { watch } from "../../agent/support.ts";

const told = watch();

/** Timers that ring when they are told to. */
function bells() {
  const waiting = new Set<() => void>();
  const after = (_ms: number, run: () => void) => {
    waiting.add(run);
    return () => void waiting.delete(run);
  };
  const ring = () => {
    for (const run of waiting) run();
    waiting.clear();
  };
  return { after, ring };
}

function graphIn(runs: RunRegistry) {
  const graph = new GraphRun(undefined, "team", undefined, () => undefined);
  runs.begin("graph", undefined, () => graph);
  const node = (id: string) => runs.begin(id, undefined, () => new Run(graph));
  return { node, graph };
}

describe("runs that LangChain does not end", () => {
  it("are left when their graph has had no node at work for a while", () => {
    const { after, ring } = bells();
    const runs = new RunRegistry(after);
    const { node } = graphIn(runs);
    node("a");
    runs.end("a", { how: "end" });
    ring();
    expect(runs.size).toBe(0);
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["invoke_workflow team"]);
  });

  it("are waited for while a node is at work", () => {
    const { after, ring } = bells();
    const runs = new RunRegistry(after);
    const { node } = graphIn(runs);
    node("a");
    runs.end("a", { how: "end" });
    node("b");
    ring();
    expect(runs.size).toBe(2);
    runs.end("b", { how: "end" });
    runs.end("graph", { how: "end" });
    expect(told.spans.spans).toHaveLength(1);
  });

  it("are at most ten thousand, the oldest of which are left", () => {
    const runs = new RunRegistry();
    runs.begin("first", undefined, () => {
      const call = openAgent("writer");
      return new Run(undefined, call, call.context);
    });
    for (let i = 0; i < 10_000; i += 1) runs.begin(String(i), undefined, () => new Run(undefined));
    expect(runs.size).toBe(10_000);
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["invoke_agent writer"]);
  });

  it("are one where two handlers tell of them", () => {
    const runs = new RunRegistry();
    const begin = () =>
      runs.begin("one", undefined, () => {
        const call = openAgent("writer");
        return new Run(undefined, call, call.context);
      });
    begin();
    begin();
    runs.end("one", { how: "end" });
    runs.end("one", { how: "fail", error: new Error("late") });
    expect(told.spans.spans).toHaveLength(1);
    expect(told.spans.open).toEqual([]);
  });
});
