import type { AgentHealth } from "../../health/agent-health.ts";
import { interactionGraph } from "../../health/graph/interaction-graph.ts";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";
import type { Graph } from "../api/agents.ts";
import type { PeriodRange } from "./time-range.ts";

/** @param health Of now, and not of the period. */
export function graphView(
  rows: readonly RollupRow[],
  { shown }: PeriodRange,
  health: readonly Pick<AgentHealth, "agent" | "score">[],
): Graph {
  const scores = new Map(health.map(({ agent, score }) => [agent, score]));
  const { nodes, edges } = interactionGraph(rows);
  return {
    ...shown,
    nodes: nodes
      .map((node) => ({
        id: node.id,
        kind: node.kind,
        name: node.name,
        calls: node.calls,
        errors: node.errors,
        tokens: node.tokens,
        cost_usd: node.costNanoUsd / 1e9,
        inclusive_cost_usd: node.inclusiveCostNanoUsd / 1e9,
        health: (node.kind === "agent" ? scores.get(node.name) : undefined) ?? null,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: edges
      .map((edge) => ({
        source: edge.source,
        target: edge.target,
        calls: edge.calls,
        errors: edge.errors,
        tokens: edge.tokens,
        cost_usd: edge.costNanoUsd / 1e9,
        p50_ms: edge.p50Ms ?? null,
        p95_ms: edge.p95Ms ?? null,
      }))
      .sort((a, b) => (JSON.stringify([a.source, a.target]) < JSON.stringify([b.source, b.target]) ? -1 : 1)),
  };
}
