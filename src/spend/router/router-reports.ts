import type { MonthSpend } from "./monthly-spend.ts";

/** One model in the month of now. */
export interface ModelSpendReport {
  readonly model: string;
  readonly provider: string | undefined;
  readonly calls: number;
  readonly totalCostUsd: number;
}

/** The month of now. US dollars, not rounded. */
export interface RouterBudgetReport {
  readonly monthlyBudgetUsd: number;
  /** Estimates of calls that are not recorded yet are in it. */
  readonly spentUsd: number;
  /** Those estimates alone. */
  readonly pendingUsd: number;
  /** Never below 0. */
  readonly remainingUsd: number;
  /** Per cent, to one decimal; above 100 where calls cost more than estimated. 0 where there is no budget at all. */
  readonly utilizationPct: number;
  readonly totalCalls: number;
  readonly byModel: readonly ModelSpendReport[];
  /** When the month ends, milliseconds since the epoch. */
  readonly resetsAtMs: number;
}

const NANO = 1e9;

export function budgetReportOf(spend: MonthSpend, budgetNanoUsd: number): RouterBudgetReport {
  const share = budgetNanoUsd === 0 ? 0 : spend.nanoUsd / budgetNanoUsd;
  return {
    monthlyBudgetUsd: budgetNanoUsd / NANO,
    spentUsd: spend.nanoUsd / NANO,
    pendingUsd: spend.pendingNanoUsd / NANO,
    remainingUsd: Math.max(0, budgetNanoUsd - spend.nanoUsd) / NANO,
    utilizationPct: Math.round(share * 1_000) / 10,
    totalCalls: spend.calls,
    byModel: modelReportOf(spend),
    resetsAtMs: spend.month.endMs,
  };
}

/** The dearest first. */
export function modelReportOf(spend: MonthSpend): readonly ModelSpendReport[] {
  return [...spend.byModel]
    .sort(([, a], [, b]) => b.nanoUsd - a.nanoUsd)
    .map(([{ name, provider }, { calls, nanoUsd }]) => ({
      model: name,
      provider,
      calls,
      totalCostUsd: nanoUsd / NANO,
    }));
}
