import type { LetterSummary } from "../../stores/letters/dead-letter-store.ts";

export interface DeadLetterSummary {
  readonly total: number;
  readonly unresolved: number;
  readonly resolved: number;
  /** Of unresolved ones, the most first. */
  readonly byTaskType: Readonly<Record<string, number>>;
  readonly byErrorType: Readonly<Record<string, number>>;
  /** Since its first attempt, to one digit; 0 where there is none. */
  readonly oldestUnresolvedHours: number;
}

export function summaryOf(found: LetterSummary, nowMs: number): DeadLetterSummary {
  const { total, unresolved, resolved, byTaskType, byErrorType, oldestMs } = found;
  const hours = oldestMs === undefined ? 0 : Math.max(0, nowMs - oldestMs) / 3_600_000;
  return {
    total,
    unresolved,
    resolved,
    // Each is an own property, whatever its name.
    byTaskType: Object.fromEntries(byTaskType),
    byErrorType: Object.fromEntries(byErrorType),
    oldestUnresolvedHours: Math.round(hours * 10) / 10,
  };
}
