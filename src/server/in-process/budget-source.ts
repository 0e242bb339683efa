import type { MetricSources, SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import type { BudgetRow } from "../api/agents.ts";

/** Budgets as their metrics tell of them: of a budget with several scopes, that which has used most. */
export function budgetSource(metrics: Pick<MetricSources, "collect">): {
  list(): Promise<readonly BudgetRow[]>;
} {
  return { list: async () => rowsOf(metrics.collect()) };
}

function rowsOf(instruments: readonly SourceInstrument[]): readonly BudgetRow[] {
  const used = valuesOf(instruments, names.METRIC_BUDGET_USED);
  const rejections = valuesOf(instruments, names.METRIC_BUDGET_REJECTIONS);
  return [...valuesOf(instruments, names.METRIC_BUDGET_LIMIT)].map(([key, { budget, window, value }]) => {
    const usedUsd = used.get(key)?.value ?? 0;
    return {
      name: budget,
      window,
      limit_usd: value,
      used_usd: usedUsd,
      share: shareOf(usedUsd, value),
      rejections: rejections.get(key)?.value ?? 0,
    };
  });
}

/** Of a limit of nothing all is used. */
function shareOf(usedUsd: number, limitUsd: number): number {
  return limitUsd > 0 ? usedUsd / limitUsd : 1;
}

interface BudgetValue {
  readonly budget: string;
  readonly window: string;
  readonly value: number;
}

function valuesOf(instruments: readonly SourceInstrument[], name: string): ReadonlyMap<string, BudgetValue> {
  const values = new Map<string, BudgetValue>();
  for (const instrument of instruments) {
    if (instrument.name !== name || instrument.kind === "histogram") continue;
    for (const { attributes, value } of instrument.points) {
      const budget = String(attributes[names.ATTR_BUDGET_NAME] ?? "");
      const window = String(attributes[names.ATTR_BUDGET_WINDOW] ?? "");
      values.set(JSON.stringify([budget, window]), { budget, window, value });
    }
  }
  return values;
}
