import type { RoutedModel, RouteTask } from "../../../../src/spend/model-router.ts";

/** A model as it stands, in plain values. */
export interface OracleModel {
  readonly model: RoutedModel;
  /** Picodollars per token: whole numbers. `undefined`: nobody knows its price. */
  readonly pico: { readonly input: number; readonly output: number } | undefined;
  readonly breakerOpen: boolean;
  readonly cooling: boolean;
  readonly denied: boolean;
}

/** Whole nano-dollars, half up. */
export function oracleCost({ pico }: OracleModel, task: RouteTask): number | undefined {
  if (pico === undefined) return undefined;
  return Math.round((task.inputTokens * pico.input + task.outputTokens * pico.output) / 1_000);
}

/** Whether a model may be taken at all, complexity aside: written down from the rules, one after the other. */
export function mayBeTaken(each: OracleModel, task: RouteTask, leftNano: number): boolean {
  const { model, breakerOpen, cooling, denied } = each;
  const cost = oracleCost(each, task);
  if (cost === undefined || cost > leftNano) return false;
  if (breakerOpen || cooling || denied) return false;
  if (task.inputTokens + task.outputTokens > model.maxContext) return false;
  if (task.outputTokens > (model.maxOutput ?? Number.POSITIVE_INFINITY)) return false;
  if (task.needs?.tools && !model.tools) return false;
  if (task.needs?.vision && !model.vision) return false;
  return (
    (task.outputTokens / model.tokensPerSecond) * 1_000 <= (task.maxLatencyMs ?? Number.POSITIVE_INFINITY)
  );
}

export function meetsComplexity({ model }: OracleModel, { complexity }: RouteTask): boolean {
  return (model.minComplexity ?? 1) <= complexity && complexity <= (model.maxComplexity ?? 5);
}
