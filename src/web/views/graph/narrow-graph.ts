import type { Graph } from "../../../server/api/agents.ts";

/** Without tools and models, which are most of a big graph. */
export function agentsOnly(graph: Graph): Graph {
  const nodes = graph.nodes.filter(({ kind }) => kind !== "tool" && kind !== "model");
  const ids = new Set(nodes.map(({ id }) => id));
  return {
    ...graph,
    nodes,
    edges: graph.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
  };
}
