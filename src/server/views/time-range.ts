import type { RollupRange, SliceMs } from "../../health/rollup/rollup-row.ts";
import { daysBefore, daysOf } from "../../spend/usage/usage-days.ts";
import type { Period } from "../api/common.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Fine enough to begin where the period begins. */
const SUM_SLICES: Readonly<Record<Period, SliceMs>> = {
  hourly: 10_000,
  daily: 300_000,
  weekly: 3_600_000,
  monthly: DAY_MS,
};

/** A period so far, and the rows that it is made of. */
export interface PeriodRange {
  /** As it is answered. */
  readonly shown: { readonly period: Period; readonly from: string; readonly to: string };
  readonly rows: RollupRange;
}

/** @param nowMs Milliseconds since the epoch. */
export function periodRange(period: Period, nowMs: number): PeriodRange {
  const sliceMs = SUM_SLICES[period];
  const fromMs = beginOf(period, nowMs);
  return {
    shown: { period, from: new Date(fromMs).toISOString(), to: new Date(nowMs).toISOString() },
    // One more: what ends in this very millisecond has happened.
    rows: { fromMs, toMs: nowMs + 1, sliceMs },
  };
}

/** The last days in UTC, today included. */
export interface DayRange {
  /** The oldest first, as `2026-11-21`. */
  readonly dates: readonly string[];
  readonly rows: RollupRange;
}

export function dayRange(days: number, nowMs: number): DayRange {
  const today = dateOf(nowMs);
  const dates = Array.from({ length: days }, (_, i) => daysBefore(today, days - 1 - i));
  const fromMs = Math.floor(nowMs / DAY_MS) * DAY_MS - (days - 1) * DAY_MS;
  return { dates, rows: { fromMs, toMs: nowMs + 1, sliceMs: DAY_MS } };
}

/** In UTC, as `2026-11-21`. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** When the last call of a slice can have ended. */
export function endOfSlice(startMs: number, { sliceMs, toMs }: RollupRange): string {
  return new Date(Math.min(startMs + sliceMs, toMs - 1)).toISOString();
}

function beginOf(period: Period, nowMs: number): number {
  if (period !== "hourly") return Date.parse(`${daysOf(period, dateOf(nowMs)).from}T00:00:00Z`);
  const sliceMs = SUM_SLICES.hourly;
  return Math.floor((nowMs - HOUR_MS) / sliceMs) * sliceMs;
}
