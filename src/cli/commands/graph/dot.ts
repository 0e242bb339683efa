import type { Graph, GraphNode } from "../../../server/api/agents.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { edgeLabel } from "./edge-label.ts";

const SHAPES: Readonly<Record<GraphNode["kind"], string>> = {
  user: "circle",
  workflow: "box3d",
  agent: "box",
  tool: "ellipse",
  model: "hexagon",
};
const MOST_COLUMNS = 200;

/** The graph in the language of Graphviz. Names stand in quoted labels alone, so that none of them can be anything else. */
export function dotText({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  const drawn = nodes.map(
    ({ id, kind, name }) => `  ${ids.get(id)} [label=${quoted(name)}, shape=${SHAPES[kind]}];`,
  );
  const called = edges.flatMap((edge) => {
    const [source, target] = [ids.get(edge.source), ids.get(edge.target)];
    if (source === undefined || target === undefined) return [];
    const color = edge.errors > 0 ? ", color=red" : "";
    return [`  ${source} -> ${target} [label=${quoted(edgeLabel(edge))}${color}];`];
  });
  return `${["digraph agents {", "  rankdir=LR;", ...drawn, ...called, "}"].join("\n")}\n`;
}

/** A backslash begins an escape in a label, and the quote ends it. */
function quoted(text: string): string {
  return `"${printable(text, MOST_COLUMNS).replace(/[\\"]/g, "\\$&")}"`;
}
