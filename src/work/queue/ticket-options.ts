import { checkWhole } from "../../internal/check-number.ts";
import { NEVER } from "../../resilience/policy.ts";
import { PRIORITIES } from "./lane.ts";
import type { Ticket } from "./queue-settings.ts";

const DEFAULT_PRIORITY = 5;
const LONGEST_TIMER_MS = 2_147_483_647;

export interface TaskOptions {
  /** 1 (highest) to 10. @default 5 */
  readonly priority?: number;
  /**
   * Milliseconds from now in which the task must be done. Where they pass while it waits, it is never started; where they pass while it
   * runs, its signal is aborted. Either way the promise rejects with `QueueExpiredError`. @default as long as it takes
   */
  readonly deadlineMs?: number;
  /** Aborted: the promise rejects with its reason at once, and a task that still waits is never started. */
  readonly signal?: AbortSignal;
}

/** One for each priority, so that a task with no more to ask for costs none. */
const PLAIN: readonly Ticket[] = Array.from({ length: PRIORITIES + 1 }, (_, priority) => ({
  priority,
  deadlineMs: undefined,
  signal: undefined,
  limit: undefined,
}));

/** @throws RangeError or TypeError that names the option and the value. */
export function ticketOf(owner: string, options: TaskOptions = {}): Ticket {
  const { priority = DEFAULT_PRIORITY, deadlineMs, signal } = options;
  if (!(Number.isInteger(priority) && priority >= 1 && priority <= PRIORITIES))
    checkWhole(`${owner}: priority`, priority, 1, PRIORITIES);
  if (deadlineMs === undefined && (signal === undefined || signal === NEVER)) return PLAIN[priority]!;
  if (deadlineMs !== undefined) checkWhole(`${owner}: deadlineMs`, deadlineMs, 1, LONGEST_TIMER_MS);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`${owner}: signal must be an AbortSignal, got ${typeof signal}`);
  return { priority, deadlineMs, signal: signal === NEVER ? undefined : signal, limit: undefined };
}
