import { isModelCall } from "../rollup/fold-record.ts";
import { LatencySketch } from "../rollup/latency-sketch.ts";
import type { RollupRow } from "../rollup/rollup-row.ts";
import type { GraphEdge, GraphNode, InteractionGraph } from "./graph.ts";
import {
  calledIn,
  callerOf,
  type GraphPart,
  handoffsThatRan,
  isPartOfRun,
  isRun,
  USER,
} from "./graph-parts.ts";
import { inclusiveCosts } from "./inclusive-cost.ts";

type Sums = { calls: number; errors: number; tokens: number; costNanoUsd: number };
type Node = GraphPart & Sums;
type Edge = Sums & { readonly source: Node; readonly target: Node; readonly durations: LatencySketch };

/** Who called whom in these rows, how often, how long it took and what it cost. */
export function interactionGraph(rows: readonly RollupRow[]): InteractionGraph {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const handoffs = handoffsThatRan(rows);
  for (const row of rows) if (!isPartOfRun(row) && !handoffs.has(row)) addTo(nodes, edges, row);
  const shown = [...edges.values()].map(shownEdge);
  const runs = shown.filter(({ target }) => ["agent", "workflow"].includes(nodes.get(target)!.kind));
  const inclusive = inclusiveCosts(runs);
  return { nodes: [...nodes.values()].map((node) => shownNode(node, inclusive, rows)), edges: shown };
}

function addTo(nodes: Map<string, Node>, edges: Map<string, Edge>, row: RollupRow): void {
  const source = nodeOf(nodes, callerOf(row));
  const target = nodeOf(nodes, calledIn(row));
  const own = sumsOf(row);
  add(target, own);
  if (source.kind === "user") add(source, { ...own, tokens: 0, costNanoUsd: 0 });
  // What a model call used is also its caller's own.
  if (isModelCall(row))
    add(source, { calls: 0, errors: 0, tokens: own.tokens, costNanoUsd: own.costNanoUsd });
  const edge = edgeOf(edges, source, target);
  add(edge, own);
  if (isRun(row)) {
    edge.tokens += row.subtreeTokens;
    edge.costNanoUsd += row.subtreeCostNanoUsd;
  }
  edge.durations.merge(row.durations);
}

function sumsOf(row: RollupRow): Sums {
  return {
    calls: row.calls,
    errors: row.errorType === "" ? 0 : row.calls,
    tokens: row.inputTokens + row.outputTokens,
    costNanoUsd: row.costNanoUsd,
  };
}

function add(into: Sums, more: Sums): void {
  into.calls += more.calls;
  into.errors += more.errors;
  into.tokens += more.tokens;
  into.costNanoUsd += more.costNanoUsd;
}

function nodeOf(nodes: Map<string, Node>, part: GraphPart): Node {
  let node = nodes.get(part.id);
  if (node === undefined) {
    node = { ...part, calls: 0, errors: 0, tokens: 0, costNanoUsd: 0 };
    nodes.set(part.id, node);
  }
  return node;
}

function edgeOf(edges: Map<string, Edge>, source: Node, target: Node): Edge {
  // The length says where one id ends: a name may hold any character.
  const key = `${source.id.length} ${source.id}${target.id}`;
  let edge = edges.get(key);
  if (edge === undefined) {
    edge = { source, target, calls: 0, errors: 0, tokens: 0, costNanoUsd: 0, durations: new LatencySketch() };
    edges.set(key, edge);
  }
  return edge;
}

function shownEdge({ source, target, calls, errors, tokens, costNanoUsd, durations }: Edge): GraphEdge {
  const [p50Ms, p95Ms] = [durations.quantile(0.5), durations.quantile(0.95)];
  return { source: source.id, target: target.id, calls, errors, tokens, costNanoUsd, p50Ms, p95Ms };
}

/** Of a run that goes on still only the calls below it are known: then at least its own count. */
function shownNode(
  node: Node,
  inclusive: ReadonlyMap<string, number>,
  rows: readonly RollupRow[],
): GraphNode {
  const own = node.costNanoUsd;
  const all =
    node.id === USER.id ? rows.reduce((sum, row) => sum + row.costNanoUsd, 0) : inclusive.get(node.id);
  return { ...node, inclusiveCostNanoUsd: Math.max(own, all ?? 0) };
}
