import { checkName } from "../../internal/check-name.ts";
import { checkBetween, checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { BudgetStore } from "../../stores/budgets/budget-store.ts";
import { memoryBudgets } from "../../stores/budgets/memory-budgets.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import { Calendar, type Period } from "../calendar.ts";

/** Told once for each window that is nearly used up. What it throws is reported, and changes nothing. */
export type NearlyUsedListener = (facts: {
  readonly scope: string;
  readonly window: Period;
  readonly limitUsd: number;
  /** Spent and reserved. */
  readonly usedUsd: number;
  readonly resetAtMs: number;
}) => unknown;

/** Limits in US dollars. */
export interface CostGuardOptions {
  /** A metric label, and the scope where none is given. @default "default" */
  readonly name?: string;
  /** The most that one request may cost; so much is reserved while it runs. @default 1 */
  readonly perRequestUsd?: number;
  /** @default 10 */
  readonly hourlyUsd?: number;
  /** @default 100 */
  readonly dailyUsd?: number;
  /** @default no limit */
  readonly monthlyUsd?: number;
  /** Whose budget it is, such as a tenant; a function is asked for each request. 1 to 128 characters. @default the name */
  readonly scope?: string | (() => string);
  /** Of hours, days and months. @default "UTC" */
  readonly timeZone?: string;
  /** Shares the budget with other processes. @default this process has its own, gone when it ends */
  readonly store?: { readonly name?: string; readonly budgets?: BudgetStore };
  /** From which share of a window on it counts as nearly used, above 0 and up to 1. @default 0.8 */
  readonly softLimit?: number;
  readonly onNearlyUsed?: NearlyUsedListener;
  /** After so many milliseconds without an end a reservation counts as spent, 1 second to a day. @default 600_000 */
  readonly reservationTtlMs?: number;
  readonly clock?: Clock;
  readonly metrics?: MetricSources;
}

/** One limit; money in integer nano-dollars. */
export interface PeriodLimit {
  readonly period: Period;
  readonly limit: number;
}

export interface BudgetSettings {
  readonly name: string;
  readonly scope: () => string;
  readonly perRequest: number;
  readonly periods: readonly PeriodLimit[];
  readonly calendar: Calendar;
  readonly store: BudgetStore;
  /** As it may be shown. */
  readonly storeName: string;
  readonly softLimit: number;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly onNearlyUsed: NearlyUsedListener | undefined;
}

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function budgetSettings(options: CostGuardOptions): BudgetSettings {
  const { name = "default", scope = name, perRequestUsd = 1, hourlyUsd = 10, dailyUsd = 100 } = options;
  const { softLimit = 0.8, clock = systemClock, store, onNearlyUsed } = options;
  checkName("costGuard", name);
  if (typeof scope !== "function") checkName("costGuard: scope", scope);
  checkBetween("costGuard: softLimit", softLimit, Number.MIN_VALUE, 1);
  if (store !== undefined && store.budgets === undefined)
    throw new TypeError("costGuard: store must be one that has budgets: redisStore or sqliteStore");
  const periods = [
    { period: "hour", limit: nanoUsd("hourlyUsd", hourlyUsd) },
    { period: "day", limit: nanoUsd("dailyUsd", dailyUsd) },
    ...(options.monthlyUsd === undefined
      ? []
      : [{ period: "month", limit: nanoUsd("monthlyUsd", options.monthlyUsd) } as const]),
  ] as const;
  return {
    name,
    scope: typeof scope === "function" ? () => checkedScope(scope()) : () => scope,
    perRequest: nanoUsd("perRequestUsd", perRequestUsd),
    periods,
    calendar: new Calendar(options.timeZone ?? "UTC"),
    store: store?.budgets ?? memoryBudgets(clock),
    storeName: store?.name ?? "of budgets",
    softLimit,
    ttlMs: checkWhole("costGuard: reservationTtlMs", options.reservationTtlMs ?? 600_000, 1_000, 86_400_000),
    clock,
    onNearlyUsed,
  };
}

/** @returns Integer nano-dollars. @throws RangeError that names the option and the value. */
export function nanoUsd(option: string, usd: unknown): number {
  // A million dollars: sums stay whole numbers that a double holds.
  checkBetween(`costGuard: ${option}`, usd, 0, 1_000_000);
  return Math.round((usd as number) * 1e9);
}

function checkedScope(scope: unknown): string {
  checkName("costGuard: scope", scope);
  return scope;
}
