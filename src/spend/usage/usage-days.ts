import type { DayRange } from "../../stores/usage/usage-store.ts";
import { isoDate } from "../calendar.ts";

export type UsagePeriod = "daily" | "weekly" | "monthly";

/** The days of a period so far: today, this week from Monday on (ISO 8601), this month. @param today As `2026-11-21`. */
export function daysOf(period: UsagePeriod, today: string): DayRange {
  if (period === "daily") return { from: today, to: today };
  if (period === "monthly") return { from: `${today.slice(0, 8)}01`, to: today };
  const sinceMonday = (new Date(`${today}T00:00Z`).getUTCDay() + 6) % 7;
  return { from: daysBefore(today, sinceMonday), to: today };
}

export function daysBefore(date: string, days: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return isoDate(year, month, day - days);
}
