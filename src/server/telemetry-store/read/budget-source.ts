import type { Clock } from "../../../internal/clock.ts";
import { Calendar, type Period } from "../../../spend/calendar.ts";
import * as names from "../../../telemetry/semconv.ts";
import type { BudgetRow } from "../../api/agents.ts";
import type { Statements } from "../statements.ts";
import { latest, type SeriesValue, seriesOf } from "./series-reader.ts";

const PERIODS: ReadonlySet<string> = new Set<Period>(["hour", "day", "month"]);

/** Budgets as the metrics of the programs tell of them. What was used in a window that is over is used no more. */
export function budgetSource(
  statements: Statements,
  clock: Clock,
): { list(): Promise<readonly BudgetRow[]> } {
  const calendar = new Calendar("UTC");
  const isOver = (window: string, timeMs: number): boolean =>
    PERIODS.has(window) && calendar.window(window as Period, clock.now()).startMs > timeMs;
  return {
    async list() {
      const used = byBudget(seriesOf(statements, names.METRIC_BUDGET_USED));
      const rejections = byBudget(seriesOf(statements, names.METRIC_BUDGET_REJECTIONS));
      return [...byBudget(seriesOf(statements, names.METRIC_BUDGET_LIMIT))].map(([key, limits]) => {
        const [name, window] = JSON.parse(key) as [string, string];
        const limit = most(latest(limits));
        const now = latest(used.get(key) ?? []).filter(({ timeMs }) => !isOver(window, timeMs));
        const usedUsd = most(now);
        return {
          name,
          window,
          limit_usd: limit,
          used_usd: usedUsd,
          share: limit > 0 ? usedUsd / limit : 1,
          rejections: Math.round((rejections.get(key) ?? []).reduce((sum, { value }) => sum + value, 0)),
        };
      });
    },
  };
}

/** Processes that share a budget tell the same; of those that do not, the one that has most. */
function most(values: readonly SeriesValue[]): number {
  return Math.max(0, ...values.map(({ value }) => value));
}

function byBudget(values: readonly SeriesValue[]): ReadonlyMap<string, readonly SeriesValue[]> {
  return Map.groupBy(values, ({ attributes }) =>
    JSON.stringify([
      String(attributes[names.ATTR_BUDGET_NAME] ?? ""),
      String(attributes[names.ATTR_BUDGET_WINDOW] ?? ""),
    ]),
  );
}
