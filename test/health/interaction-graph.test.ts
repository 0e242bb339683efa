import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InteractionGraph } from "../../src/health/graph/graph.ts";
import { interactionGraph } from "../../src/health/graph/interaction-graph.ts";
import { LatencySketch } from "../../src/health/rollup/latency-sketch.ts";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { arbitraryTree, type CallTree, recordsOf, visited } from "./call-trees.ts";
import { record } from "./records.ts";
import { rowsOf } from "./rows.ts";

const NAMES = ["one", "two", "three", "four"];
/** Nobody calls who may be around it: no circles. */
const downwards = (names: readonly string[], caller: string) => names.slice(names.indexOf(caller) + 1);
/** Itself as well, but nobody else who may be around it. */
const andItself = (names: readonly string[], caller: string) => names.slice(names.indexOf(caller));
const everybody = (names: readonly string[]) => names;

const graphOf = (records: readonly CallRecord[]): InteractionGraph => interactionGraph(rowsOf(records));
const isRun = ({ kind }: CallTree) => kind === "agent" || kind === "workflow";
const idOf = ({ kind, name }: CallTree) => `${kind}:${name}`;

/** Each call once, with who called it. */
function recount(trees: readonly CallTree[]) {
  const edges = new Map<
    string,
    { calls: number; errors: number; tokens: number; costNanoUsd: number; all: LatencySketch }
  >();
  const inclusive = new Map<string, number>();
  const own = new Map<string, number>();
  const add = (to: Map<string, number>, id: string, cost: number) => to.set(id, (to.get(id) ?? 0) + cost);
  for (const { tree, around } of visited(trees)) {
    const innermost = isRun(tree) ? around.find(isRun) : around.find(({ kind }) => kind === "agent");
    const caller = innermost === undefined ? "user" : idOf(innermost);
    const key = `${caller} -> ${idOf(tree)}`;
    const edge = edges.get(key) ?? {
      calls: 0,
      errors: 0,
      tokens: 0,
      costNanoUsd: 0,
      all: new LatencySketch(),
    };
    edge.calls += 1;
    edge.errors += tree.failed ? 1 : 0;
    edge.all.add(tree.durationMs);
    for (const each of [{ tree }, ...visited(tree.below)]) {
      edge.tokens += each.tree.tokens;
      edge.costNanoUsd += each.tree.costNanoUsd;
    }
    edges.set(key, edge);
    if (tree.kind !== "model") continue;
    add(own, caller, tree.costNanoUsd);
    for (const id of new Set(around.filter(isRun).map(idOf))) add(inclusive, id, tree.costNanoUsd);
  }
  const shown = [...edges].map(([key, { all, ...sums }]) => [
    key,
    { ...sums, p50Ms: all.quantile(0.5), p95Ms: all.quantile(0.95) },
  ]);
  return { edges: Object.fromEntries(shown), inclusive, own };
}

function edgesOf(graph: InteractionGraph) {
  return Object.fromEntries(
    graph.edges.map(({ source, target, ...rest }) => [`${source} -> ${target}`, rest]),
  );
}

describe("interactionGraph", () => {
  it("has the edges that a recount of all calls has", () => {
    fc.assert(
      fc.property(fc.array(arbitraryTree(NAMES, everybody), { maxLength: 4 }), (trees) => {
        expect(edgesOf(graphOf(recordsOf(trees)))).toEqual(recount(trees).edges);
      }),
      { numRuns: 400 },
    );
  });

  it("says of each node what it was called, and what its own model calls cost", () => {
    fc.assert(
      fc.property(fc.array(arbitraryTree(NAMES, everybody), { maxLength: 4 }), (trees) => {
        const graph = graphOf(recordsOf(trees));
        const { own } = recount(trees);
        for (const node of graph.nodes) {
          const calls = visited(trees).filter(({ tree }) => idOf(tree) === node.id).length;
          if (node.id !== "user") expect([node.id, node.calls]).toEqual([node.id, calls]);
          if (node.kind === "agent") expect(node.costNanoUsd).toBe(own.get(node.id) ?? 0);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ["call only those below them", arbitraryTree(NAMES, downwards)],
    // No workflows: one with the name of an agent is somebody else, and would be in a circle with it.
    ["call themselves as well", arbitraryTree(NAMES, andItself, ["agent"])],
  ])("counts each call once in the inclusive cost of agents that %s", (_, tree) => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (trees) => {
        const { inclusive } = recount(trees);
        for (const node of runsOf(graphOf(recordsOf(trees))))
          expect([node.id, node.inclusiveCostNanoUsd]).toEqual([node.id, inclusive.get(node.id) ?? 0]);
      }),
      { numRuns: 600 },
    );
  });

  it("has an inclusive cost that is never too low, nor above that of all, where agents call each other in circles", () => {
    fc.assert(
      fc.property(fc.array(arbitraryTree(NAMES, everybody), { minLength: 1, maxLength: 4 }), (trees) => {
        const { inclusive } = recount(trees);
        const all = visited(trees).reduce((sum, { tree }) => sum + tree.costNanoUsd, 0);
        for (const node of runsOf(graphOf(recordsOf(trees)))) {
          expect(node.inclusiveCostNanoUsd).toBeGreaterThanOrEqual(inclusive.get(node.id) ?? 0);
          expect(node.inclusiveCostNanoUsd).toBeLessThanOrEqual(all);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("is exact for two agents that call each other, where one of them is asked first", () => {
    const model = (costNanoUsd: number): CallTree => leaf({ kind: "model", name: "m", costNanoUsd });
    const inner = leaf({ name: "one", below: [model(1)] });
    const tree = leaf({ name: "one", below: [model(100), leaf({ name: "two", below: [model(10), inner] })] });
    const costs = graphOf(recordsOf([tree])).nodes.map(({ id, inclusiveCostNanoUsd }) => [
      id,
      inclusiveCostNanoUsd,
    ]);
    expect(Object.fromEntries(costs)).toEqual({
      user: 111,
      "agent:one": 111,
      "agent:two": 11,
      "model:m": 111,
    });
  });

  it("has the own cost of an agent whose run goes on still", () => {
    const graph = graphOf([record({ agent: "writer", requestModel: "m", costNanoUsd: 5, inputTokens: 1 })]);
    expect(graph.nodes.find(({ kind }) => kind === "agent")).toMatchObject({
      calls: 0,
      inclusiveCostNanoUsd: 5,
      tokens: 1,
    });
  });

  it("has calls outside of agents as the user's", () => {
    const graph = graphOf([
      record({ requestModel: "m", costNanoUsd: 5 }),
      record({ operation: "execute_tool", tool: "search" }),
    ]);
    expect(Object.keys(edgesOf(graph))).toEqual(["user -> model:m", "user -> tool:search"]);
  });

  it("has the calls of a workflow's own steps as the workflow's", () => {
    const { edges } = graphOf([record({ operation: "execute_tool", tool: "load", workflow: "report" })]);
    expect(edges).toMatchObject([{ source: "workflow:report", target: "tool:load" }]);
  });

  it("takes a handoff and the call that follows it as one edge", () => {
    const { nodes, edges } = graphOf([
      record({ operation: "execute_tool", tool: "transfer_to_billing", agent: "triage" }),
      record({ operation: "invoke_agent", agent: "billing", callerType: "agent", caller: "triage" }),
    ]);
    expect(nodes.map(({ id }) => id).toSorted()).toEqual(["agent:billing", "agent:triage"]);
    expect(edges).toMatchObject([{ source: "agent:triage", target: "agent:billing", calls: 1 }]);
  });

  it("keeps a handoff after which nobody was called", () => {
    const { edges } = graphOf([
      record({ operation: "execute_tool", tool: "transfer_to_billing", agent: "triage" }),
    ]);
    expect(edges).toMatchObject([{ target: "tool:transfer_to_billing" }]);
  });

  it("takes a plan that an agent makes for itself as a part of its run, and one for another agent as a call", () => {
    const plan = record({ operation: "plan", agent: "planner", callerType: "agent" });
    const graph = graphOf([
      { ...plan, caller: "planner" },
      { ...plan, caller: "writer" },
    ]);
    expect(edgesOf(graph)).toMatchObject({ "agent:writer -> agent:planner": { calls: 1 } });
    expect(graph.edges).toHaveLength(1);
  });

  it("keeps names apart that look like the ids of others, and names those that have none", () => {
    const graph = graphOf([
      record({ agent: "a", requestModel: "b" }),
      record({ agent: "amodel:", requestModel: "b" }),
      record({}),
    ]);
    expect(graph.edges.map(({ source, target }) => [source, target])).toEqual([
      ["agent:a", "model:b"],
      ["agent:amodel:", "model:b"],
      ["user", "model:unknown"],
    ]);
  });

  it("is empty without rows", () => {
    expect(interactionGraph([])).toEqual({ nodes: [], edges: [] });
  });

  it("goes as deep as agents call each other", () => {
    const chain = Array.from({ length: 20_000 }, (_, i) =>
      record({ operation: "invoke_agent", agent: `a${i}`, callerType: "agent", caller: `a${i + 1}` }),
    );
    expect(graphOf(chain).nodes).toHaveLength(20_001);
  });
});

function runsOf({ nodes }: InteractionGraph) {
  return nodes.filter(({ kind }) => kind === "agent" || kind === "workflow");
}

function leaf(given: Partial<CallTree>): CallTree {
  return {
    kind: "agent",
    name: "one",
    failed: false,
    durationMs: 1,
    tokens: 0,
    costNanoUsd: 0,
    below: [],
    ...given,
  };
}
