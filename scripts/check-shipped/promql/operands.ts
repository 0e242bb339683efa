import { child, type Node } from "./tree.ts";

const COMPARISONS = new Set(["Eql", "EqlSingle", "Neq", "Gtr", "Gte", "Lss", "Lte"]);

/**
 * What an alert compares, without its thresholds, and with the present in place of the past: in a run where all is well the alert itself
 * returns nothing, which proves nothing, and a short run has no yesterday. What it compares must be there.
 *
 * @returns Expressions that each must return something: both sides of `and`, the left one of `unless`, what stands under `absent`.
 */
export function operandsOf(node: Node): readonly string[] {
  const [first, operator] = node.children;
  if ((node.name === "PromQL" || node.name === "ParenExpr") && first !== undefined) return operandsOf(first);
  const absent = underAbsent(node);
  if (absent !== undefined) return [absent];
  if (node.name !== "BinaryExpr" || first === undefined)
    return isNumber(node) ? [] : [withoutThresholds(node)];
  const last = node.children.at(-1)!;
  if (operator?.name === "And") return [...operandsOf(first), ...operandsOf(last)];
  if (operator?.name === "Unless") return operandsOf(first);
  if (COMPARISONS.has(operator?.name ?? "")) return [...operandsOf(first), ...operandsOf(last)];
  return [withoutThresholds(node)];
}

/** The same expression, where nothing is held against a number, taken away by `unless`, or looked up in the past. */
function withoutThresholds(node: Node): string {
  const [first, operator] = node.children;
  if (first === undefined) return node.text;
  if (node.name === "OffsetExpr") return withoutThresholds(first);
  if (node.name === "BinaryExpr") {
    const last = node.children.at(-1)!;
    const compares = COMPARISONS.has(operator?.name ?? "");
    if (operator?.name === "Unless" || (compares && isNumber(last))) return `(${withoutThresholds(first)})`;
    if (compares && isNumber(first)) return `(${withoutThresholds(last)})`;
  }
  let text = "";
  let end = node.from;
  for (const one of node.children) {
    text += node.text.slice(end - node.from, one.from - node.from) + withoutThresholds(one);
    end = one.from + one.text.length;
  }
  return text + node.text.slice(end - node.from);
}

function underAbsent(node: Node): string | undefined {
  const name = child(node, "FunctionIdentifier")?.text ?? "";
  if (node.name !== "FunctionCall" || !/^absent(_over_time)?$/.test(name)) return undefined;
  const inner = child(node, "FunctionCallBody")?.children[0];
  if (inner === undefined) return undefined;
  // A range is asked for at one instant.
  return inner.name === "MatrixSelector" ? `last_over_time(${inner.text})` : inner.text;
}

const isNumber = (node: Node): boolean => node.name === "NumberDurationLiteral" || node.name === "UnaryExpr";
