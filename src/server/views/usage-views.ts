import { isModelCall } from "../../health/rollup/fold-record.ts";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";
import type { Usage } from "../api/common.ts";
import type { TokenStats, TokenTrend } from "../api/usage.ts";
import { groupRows, largestFirst } from "./group-rows.ts";
import { type DayRange, dateOf, type PeriodRange } from "./time-range.ts";
import { usageOf } from "./usage-sum.ts";

type Named = Usage & { readonly name: string };

export function tokenStatsView(
  rows: readonly RollupRow[],
  { shown }: PeriodRange,
  by: TokenStats["by"],
): TokenStats {
  return { ...shown, by, total: usageOf(rows), items: usageBy(rows, by) };
}

export function tokenTrendView(rows: readonly RollupRow[], { dates }: DayRange): TokenTrend {
  const byDate = groupRows(rows.filter(isModelCall), ({ startMs }) => dateOf(startMs));
  const items = dates.map((date) => {
    const ofDay = byDate.get(date) ?? [];
    return {
      date,
      ...usageOf(ofDay),
      by_agent: usageBy(ofDay, "agent").map(costOf),
      by_model: usageBy(ofDay, "model").map(costOf),
    };
  });
  return { days: dates.length, items };
}

/** The dearest first. */
export function usageBy(rows: readonly RollupRow[], by: TokenStats["by"]): Named[] {
  const groups = groupRows(rows.filter(isModelCall), (row) => row[by]);
  return [...groups]
    .map(([name, group]) => ({ name, ...usageOf(group) }))
    .sort(
      largestFirst(
        ({ cost_usd }) => cost_usd,
        ({ name }) => name,
      ),
    );
}

function costOf({ name, cost_usd, tokens }: Named) {
  return { name, cost_usd, tokens };
}
