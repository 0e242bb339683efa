import { child, type Node, nodes } from "./tree.ts";

/** `name{label="value"}` in an expression. */
export interface Selector {
  readonly metric: string;
  readonly text: string;
  readonly matchers: readonly Matcher[];
}

export interface Matcher {
  readonly label: string;
  readonly op: string;
  readonly value: string;
}

/** Labels by which an expression groups or matches, with what stands below. */
export interface Grouping {
  readonly labels: readonly string[];
  readonly below: Node;
}

const unquoted = (node: Node | undefined): string => (node?.text ?? "").slice(1, -1);

export function selectorsIn(node: Node): readonly Selector[] {
  return [...nodes(node)].filter(({ name }) => name === "VectorSelector").map(selectorOf);
}

function selectorOf(node: Node): Selector {
  const matchers = (child(node, "LabelMatchers")?.children ?? []).filter(
    ({ name }) => name === "UnquotedLabelMatcher",
  );
  return {
    metric: child(node, "Identifier")?.text ?? "",
    text: node.text,
    matchers: matchers.map((one) => ({
      label: child(one, "LabelName")?.text ?? "",
      op: child(one, "MatchOp")?.text ?? "",
      value: unquoted(child(one, "StringLiteral")),
    })),
  };
}

/** `by (…)`, `without (…)`, `on (…)`, `ignoring (…)` and `group_left (…)`. */
export function groupingsIn(node: Node): readonly Grouping[] {
  return [...nodes(node)].flatMap((below) =>
    below.children
      .filter(({ name }) => name === "AggregateModifier" || name === "MatchingModifierClause")
      .map((modifier) => ({
        below,
        labels: [...nodes(modifier)].filter(({ name }) => name === "LabelName").map(({ text }) => text),
      })),
  );
}

/** Labels that an expression makes: those of `label_replace`, `label_join` and `count_values`. */
export function labelsMadeIn(node: Node): readonly string[] {
  return [...nodes(node)].flatMap((one) => {
    const made = one.name === "FunctionCall" ? child(one, "FunctionIdentifier") : child(one, "AggregateOp");
    if (!["label_replace", "label_join", "count_values"].includes(made?.text ?? "")) return [];
    return [unquoted(child(child(one, "FunctionCallBody") ?? one, "StringLiteral"))];
  });
}

/** Functions and the range that each is given, such as `rate` and `5m`. */
export function rangesIn(
  node: Node,
): readonly { readonly fn: string; readonly range: string; readonly metric: string }[] {
  return [...nodes(node)].flatMap((call) => {
    const matrix = child(call, "FunctionCallBody")?.children.find(({ name }) => name === "MatrixSelector");
    if (call.name !== "FunctionCall" || matrix === undefined) return [];
    const metric = selectorsIn(matrix)[0]?.metric ?? "";
    return [
      {
        fn: child(call, "FunctionIdentifier")?.text ?? "",
        range: child(matrix, "DurationExpr")?.text ?? "",
        metric,
      },
    ];
  });
}

/** Selectors that no function with a range, no `absent` and no grouping of a recorded series stands over: raw samples. */
export function rawSelectorsIn(node: Node): readonly Selector[] {
  if (node.name === "MatrixSelector" || node.name === "SubqueryExpr") return [];
  if (node.name === "VectorSelector") return [selectorOf(node)];
  return node.children.flatMap(rawSelectorsIn);
}
