import type { CostAtRates } from "../../cost/cost-at-rates.ts";
import { isModelCall } from "../../health/rollup/fold-record.ts";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";
import type { WhatIf } from "../api/usage.ts";
import { groupRows, largestFirst } from "./group-rows.ts";
import type { PeriodRange } from "./time-range.ts";
import { sumOf } from "./usage-sum.ts";

/** @param costAt The prices of the other model; `undefined`: they are not known. */
export function whatIfView(
  rows: readonly RollupRow[],
  { shown }: PeriodRange,
  model: string,
  costAt: CostAtRates | undefined,
): WhatIf {
  const groups = groupRows(rows.filter(isModelCall), (row) => JSON.stringify([row.agent, row.model]));
  const items = [...groups.values()].map((group) => {
    const sum = sumOf(group);
    return { group: group[0]!, sum, other: costAt?.(sum) };
  });
  const total = items.reduce((nano, { sum }) => nano + sum.costNanoUsd, 0);
  const others = items.map(({ other }) => other);
  return {
    ...shown,
    model,
    cost_usd: total / 1e9,
    other_cost_usd: costAt === undefined ? null : usdOrNull(sumOrUnknown(others)),
    items: items
      .map(({ group, sum, other }) => ({
        agent: group.agent,
        model: group.model,
        calls: sum.calls,
        cost_usd: sum.costNanoUsd / 1e9,
        other_cost_usd: usdOrNull(other),
      }))
      .sort(
        largestFirst(
          ({ cost_usd }) => cost_usd,
          (item) => JSON.stringify([item.agent, item.model]),
        ),
      ),
  };
}

function sumOrUnknown(amounts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const amount of amounts) {
    if (amount === undefined) return undefined;
    sum += amount;
  }
  return sum;
}

function usdOrNull(nanoUsd: number | undefined): number | null {
  return nanoUsd === undefined ? null : nanoUsd / 1e9;
}
