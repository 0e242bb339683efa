import { alignPoints, counted, formatCost, formatCount } from "./format-trace-numbers.ts";
import { printable } from "./format-trace-text.ts";
import { costOf, isModelCall, isUnpriced, numberAt } from "./format-trace-totals.ts";
import {
  ATTR_COST_AMOUNT,
  ATTR_COST_CURRENCY,
  ATTR_ERROR_TYPE,
  ATTR_SUBTREE_CALLS,
  ATTR_SUBTREE_COST,
  ATTR_SUBTREE_TOKENS,
  ATTR_USAGE_CACHE_READ,
  ATTR_USAGE_CACHE_WRITE,
  ATTR_USAGE_INPUT,
  ATTR_USAGE_OUTPUT,
  ATTR_USAGE_REASONING,
  V141_ATTR_USAGE_CACHE_CREATION,
} from "./semconv.ts";
import { isFailed, type TraceSpan } from "./trace-span.ts";

/** Attributes that the line of a span already says. */
export const SAID_ON_THE_LINE: ReadonlySet<string> = new Set([
  ATTR_COST_AMOUNT,
  ATTR_COST_CURRENCY,
  ATTR_ERROR_TYPE,
  ATTR_SUBTREE_CALLS,
  ATTR_SUBTREE_COST,
  ATTR_SUBTREE_TOKENS,
  ATTR_USAGE_CACHE_READ,
  ATTR_USAGE_CACHE_WRITE,
  ATTR_USAGE_INPUT,
  ATTR_USAGE_OUTPUT,
  ATTR_USAGE_REASONING,
  V141_ATTR_USAGE_CACHE_CREATION,
]);

const MAX_MESSAGE_COLUMNS = 160;

/** The costs of model calls, one for each span, set below each other; blank for other spans, whose cost is a sum. */
export function costColumn(spans: readonly TraceSpan[]): string[] {
  return alignPoints(
    spans.map((span) => {
      const cost = isModelCall(span) ? costOf(span.attributes) : undefined;
      if (cost) return formatCost(cost.amount, cost.currency);
      return isModelCall(span) && isUnpriced(span) ? "no price" : "";
    }),
  );
}

/** `1,200 in (800 cached), 90 out (64 reasoning)` */
export function tokenText({ attributes }: TraceSpan): string {
  const count = (key: string, word: string): string[] => {
    const tokens = numberAt(attributes, key);
    return tokens === undefined ? [] : [`${formatCount(tokens)} ${word}`];
  };
  const parts = (...texts: string[][]): string => {
    const known = texts.flat();
    return known.length === 0 ? "" : ` (${known.join(", ")})`;
  };
  // A program may export the names of v1.41 alone.
  const written =
    ATTR_USAGE_CACHE_WRITE in attributes ? ATTR_USAGE_CACHE_WRITE : V141_ATTR_USAGE_CACHE_CREATION;
  const cached = parts(nonZero(ATTR_USAGE_CACHE_READ, "cached"), nonZero(written, "to cache"));
  const reasoning = parts(nonZero(ATTR_USAGE_REASONING, "reasoning"));
  return [
    ...count(ATTR_USAGE_INPUT, "in").map((text) => text + cached),
    ...count(ATTR_USAGE_OUTPUT, "out").map((text) => text + reasoning),
  ].join(", ");

  function nonZero(key: string, word: string): string[] {
    return numberAt(attributes, key) === 0 ? [] : count(key, word);
  }
}

/** `3 calls — 1,234 tokens — $0.0032` for each span that carries totals of its subtree, set below each other. */
export function subtreeColumn(spans: readonly TraceSpan[]): string[] {
  const totals = spans.map((span) => (isModelCall(span) ? undefined : subtreeOf(span)));
  const calls = alignCounts(totals.map((total) => (total ? counted(total.calls, "call") : "")));
  const tokens = alignCounts(totals.map((total) => (total ? counted(total.tokens, "token") : "")));
  const costs = alignPoints(totals.map((total) => (total?.cost === undefined ? "" : formatCost(total.cost))));
  return totals.map((total, index) => {
    if (total === undefined) return "";
    const texts = [calls[index], tokens[index], ...(total.cost === undefined ? [] : [costs[index]])];
    return texts.join(" — ").trimEnd();
  });
}

/** `RateLimitError: 429 Too Many Requests` when the span failed. */
export function errorText(span: TraceSpan): string | undefined {
  const type = span.attributes[ATTR_ERROR_TYPE];
  if (!isFailed(span) && type === undefined) return undefined;
  const said = [type, span.status.message].filter((text) => typeof text === "string" && text !== "");
  return `✗ ${printable(said.length > 0 ? said.join(": ") : "error", MAX_MESSAGE_COLUMNS)}`;
}

function subtreeOf({
  attributes,
}: TraceSpan): { calls: number; tokens: number; cost: number | undefined } | undefined {
  const calls = numberAt(attributes, ATTR_SUBTREE_CALLS);
  if (!calls) return undefined;
  return {
    calls,
    tokens: numberAt(attributes, ATTR_SUBTREE_TOKENS) ?? 0,
    cost: numberAt(attributes, ATTR_SUBTREE_COST),
  };
}

/** Sets `1 call` and `12 calls` below each other, on the last digit of the number. */
function alignCounts(cells: readonly string[]): string[] {
  const widest = (widths: readonly number[]): number =>
    widths.reduce((most, width) => Math.max(most, width), 0);
  const digits = widest(cells.map((cell) => cell.indexOf(" ")));
  const aligned = cells.map((cell) => (cell === "" ? "" : " ".repeat(digits - cell.indexOf(" ")) + cell));
  const width = widest(aligned.map((cell) => cell.length));
  return aligned.map((cell) => cell.padEnd(width));
}
