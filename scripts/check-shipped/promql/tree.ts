import { parser } from "@prometheus-io/lezer-promql";

/** A node of a parsed expression. */
export interface Node {
  readonly name: string;
  readonly text: string;
  /** Where the text begins in the expression. */
  readonly from: number;
  readonly children: readonly Node[];
}

/** @returns The expression as a tree; nothing where Prometheus' own grammar refuses it. */
export function parsePromql(expr: string): Node | undefined {
  const tree = parser.parse(expr);
  let broken = expr.trim() === "";
  tree.iterate({
    enter: (node) => {
      broken ||= node.type.isError;
    },
  });
  return broken ? undefined : nodeOf(tree.topNode, expr);
}

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

function nodeOf(node: SyntaxNode, expr: string): Node {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    children.push(nodeOf(child, expr));
  return { name: node.name, text: expr.slice(node.from, node.to), from: node.from, children };
}

/** The node and everything below it. */
export function* nodes(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) yield* nodes(child);
}

export const child = (node: Node, name: string): Node | undefined =>
  node.children.find((one) => one.name === name);
