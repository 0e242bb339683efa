import type { Graph, GraphNode } from "../../../server/api/agents.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { edgeLabel } from "./edge-label.ts";

/** What stands around a node's label. */
const SHAPES: Readonly<Record<GraphNode["kind"], readonly [string, string]>> = {
  user: ["((", "))"],
  workflow: ["[[", "]]"],
  agent: ["[", "]"],
  tool: ["([", "])"],
  model: ["{{", "}}"],
};
const MOST_COLUMNS = 200;
/** Neither syntax nor HTML nor Markdown to Mermaid. */
const PLAIN = /[^\p{L}\p{N} .,:/$%]/gu;

/** The graph as a Mermaid flowchart, as GitHub and others draw it in Markdown. */
export function mermaidText({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  const drawn = nodes.map(({ id, kind, name }) => {
    const [open, close] = SHAPES[kind];
    return `  ${ids.get(id)}${open}${quoted(name)}${close}`;
  });
  const called = edges.flatMap((edge) => {
    const [source, target] = [ids.get(edge.source), ids.get(edge.target)];
    if (source === undefined || target === undefined) return [];
    return [`  ${source} -->|${quoted(edgeLabel(edge))}| ${target}`];
  });
  return `${["flowchart LR", ...drawn, ...called].join("\n")}\n`;
}

/** Mermaid has no escapes but the numbers of characters. */
function quoted(text: string): string {
  const plain = printable(text, MOST_COLUMNS).replace(PLAIN, (character) => `#${character.codePointAt(0)};`);
  return `"${plain}"`;
}
