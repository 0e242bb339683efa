import { printable } from "./format-trace-text.ts";
import {
  ATTR_COST_AMOUNT,
  ATTR_COST_CURRENCY,
  ATTR_OPERATION,
  ATTR_USAGE_INPUT,
  ATTR_USAGE_OUTPUT,
  OP_CHAT,
  OP_EMBEDDINGS,
  OP_GENERATE_CONTENT,
  OP_TEXT_COMPLETION,
} from "./semconv.ts";
import type { TraceSpan } from "./trace-span.ts";

const MODEL_OPERATIONS: ReadonlySet<unknown> = new Set([
  OP_CHAT,
  OP_GENERATE_CONTENT,
  OP_TEXT_COMPLETION,
  OP_EMBEDDINGS,
]);

/** What the model calls of a trace add up to. */
export interface TraceTotals {
  readonly calls: number;
  readonly tokens: number;
  /** By currency, `USD` first where there is any. */
  readonly costs: ReadonlyMap<string, number>;
  /** Calls that used tokens but have no cost: their price is not known, which is not free. */
  readonly unpriced: number;
}

/** Adds up the model calls, and nothing else: agent spans carry the same tokens again, as totals of their own. */
export function traceTotals(spans: readonly TraceSpan[]): TraceTotals {
  const models = spans.filter(isModelCall);
  const costs = new Map<string, number>();
  let tokens = 0;
  for (const { attributes } of models) {
    tokens += tokensOf(attributes);
    const cost = costOf(attributes);
    if (cost) costs.set(cost.currency, (costs.get(cost.currency) ?? 0) + cost.amount);
  }
  return { calls: models.length, tokens, costs, unpriced: models.filter(isUnpriced).length };
}

export function isModelCall(span: TraceSpan): boolean {
  return MODEL_OPERATIONS.has(span.attributes[ATTR_OPERATION]);
}

export function isUnpriced({ attributes }: TraceSpan): boolean {
  return tokensOf(attributes) > 0 && costOf(attributes) === undefined;
}

export function costOf(
  attributes: TraceSpan["attributes"],
): { amount: number; currency: string } | undefined {
  const amount = numberAt(attributes, ATTR_COST_AMOUNT);
  const currency = attributes[ATTR_COST_CURRENCY];
  if (amount === undefined) return undefined;
  return { amount, currency: typeof currency === "string" ? printable(currency, 8) : "USD" };
}

/** `undefined` for what is no finite number: attributes come from other people's instrumentation too. */
export function numberAt(attributes: TraceSpan["attributes"], key: string): number | undefined {
  const value = attributes[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function tokensOf(attributes: TraceSpan["attributes"]): number {
  return (numberAt(attributes, ATTR_USAGE_INPUT) ?? 0) + (numberAt(attributes, ATTR_USAGE_OUTPUT) ?? 0);
}
