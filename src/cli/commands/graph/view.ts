import type { Graph, GraphEdge, GraphNode } from "../../../server/api/agents.ts";
import {
  alignPoints,
  formatCost,
  formatCount,
  formatDuration,
} from "../../../telemetry/format-trace-numbers.ts";
import { type Column, type TableOptions, table } from "../ledger/table.ts";

const SO_FAR = {
  hourly: "in the last hour",
  daily: "today",
  weekly: "this week",
  monthly: "this month",
} as const;
const RED = "\x1b[31m";
const MOST_LINES = 1_000;

const COLUMNS: readonly Column[] = [
  { title: "CALLED", share: 1 },
  { title: "CALLS", align: "right" },
  { title: "ERRORS", align: "right", color: (cell) => (cell.trim() === "0" ? undefined : RED) },
  { title: "P50", align: "right" },
  { title: "P95", align: "right" },
  { title: "COST", align: "right" },
];

interface Line {
  readonly label: string;
  /** `undefined`: nobody is known to have called it. */
  readonly edge: GraphEdge | undefined;
}

/** A tree of who called whom, from those that nobody called. Whom several called stands below each, with its own calls once. */
export function graphView(graph: Graph, options: TableOptions): string {
  if (graph.edges.length === 0) return `No calls ${SO_FAR[graph.period]}.\n`;
  const lines = treeLines(graph);
  const costs = alignPoints(lines.map(({ edge }) => (edge === undefined ? "" : formatCost(edge.cost_usd))));
  const cells = lines.map(({ label, edge }, i) =>
    edge === undefined
      ? [label, "", "", "", "", ""]
      : [
          label,
          formatCount(edge.calls),
          formatCount(edge.errors),
          milliseconds(edge.p50_ms),
          milliseconds(edge.p95_ms),
          costs[i]!,
        ],
  );
  const rest =
    lines.length < MOST_LINES ? "" : `\nThe first ${formatCount(MOST_LINES)} lines; --json has all.\n`;
  return `${table(COLUMNS, cells, options)}${rest}`;
}

function treeLines({ nodes, edges }: Graph): readonly Line[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const below = Map.groupBy(edges, ({ source }) => source);
  const called = new Set(edges.filter(({ source, target }) => source !== target).map(({ target }) => target));
  const lines: Line[] = [];
  const shown = new Set<string>();
  const draw = (id: string, guides: string): void => {
    if (shown.has(id)) return;
    shown.add(id);
    const own = (below.get(id) ?? []).toSorted((a, b) => b.calls - a.calls || (a.target < b.target ? -1 : 1));
    for (const [i, edge] of own.entries()) {
      if (lines.length >= MOST_LINES) return;
      const isLast = i === own.length - 1;
      const again = shown.has(edge.target) && below.has(edge.target) ? " (see above)" : "";
      lines.push({ label: `${guides}${isLast ? "└─ " : "├─ "}${labelOf(edge.target, byId)}${again}`, edge });
      draw(edge.target, `${guides}${isLast ? "   " : "│  "}`);
    }
  };
  // In a ring everybody was called by somebody: then any of them begins.
  const begins = [...below.keys()].toSorted((a, b) => Number(called.has(a)) - Number(called.has(b)));
  for (const id of begins) {
    if (shown.has(id)) continue;
    lines.push({ label: labelOf(id, byId), edge: undefined });
    draw(id, "");
  }
  return lines;
}

/** `writer`, `gpt-4o (model)`. */
export function labelOf(id: string, nodes: ReadonlyMap<string, GraphNode>): string {
  const { kind, name } = nodes.get(id) ?? { kind: "agent", name: id };
  return kind === "agent" || kind === "user" ? name : `${name} (${kind})`;
}

export function milliseconds(ms: number | null): string {
  return ms === null ? "?" : formatDuration(BigInt(Math.round(ms * 1e6)));
}
