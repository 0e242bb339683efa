import { graphPart } from "../../health/graph/graph-parts.ts";
import { interactionGraph } from "../../health/graph/interaction-graph.ts";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";

/** What agents cost with all that they called, US dollars: as the graph has it, so that both say the same. */
export function inclusiveCosts(rows: readonly RollupRow[]): (agent: string) => number {
  const costs = new Map(
    interactionGraph(rows).nodes.map(({ id, inclusiveCostNanoUsd }) => [id, inclusiveCostNanoUsd]),
  );
  return (agent) => (costs.get(graphPart("agent", agent).id) ?? 0) / 1e9;
}
