import type { GraphNodeKind } from "./graph-parts.ts";

/** Money in integer nano-dollars, of the calls whose price is known. */
export interface GraphNode {
  /** `agent:writer`, `tool:search`, `model:gpt-4o`, `workflow:article`, and `user` for who is outside. */
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly name: string;
  /** How often it was called; of the user, what it called. */
  readonly calls: number;
  readonly errors: number;
  /** Of its own model calls; of a model, of all calls of it. */
  readonly tokens: number;
  readonly costNanoUsd: number;
  /** With all that it called. Of the user: of all model calls. */
  readonly inclusiveCostNanoUsd: number;
}

export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  readonly calls: number;
  readonly errors: number;
  /** Of agents and workflows with all that they called, of models their own. */
  readonly tokens: number;
  readonly costNanoUsd: number;
  /** Of the calls whose duration is known; `undefined` where there is none. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
}

export interface InteractionGraph {
  /** In no order. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
