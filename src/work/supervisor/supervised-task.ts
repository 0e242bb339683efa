import { checkWhole } from "../../internal/check-number.ts";
import type { Ticket } from "../queue/queue-settings.ts";
import { ticketOf } from "../queue/ticket-options.ts";

/** Work for a worker of its type. */
export interface SupervisedTask<P = unknown> {
  /** Of the program's own, up to 256 characters: what its result is asked for by. */
  readonly taskId: string;
  /** One of the types that a worker was registered for. */
  readonly taskType: string;
  readonly payload: P;
  /** 1 (highest) to 10. @default 5 */
  readonly priority?: number;
  /** How long it may take, milliseconds, from when it is started. @default the supervisor's taskTimeoutMs */
  readonly timeoutMs?: number;
  /** Aborted: its result rejects with the signal's reason at once; where it still waits, it is never started. */
  readonly signal?: AbortSignal;
}

const LONGEST_TIMER_MS = 2_147_483_647;
const LONGEST_ID = 256;

/** @throws TypeError or RangeError that names the field and the value. */
export function checkTask(task: SupervisedTask): Ticket {
  for (const field of ["taskId", "taskType"] as const) {
    const value: unknown = task?.[field];
    if (typeof value !== "string" || value === "" || value.length > LONGEST_ID) {
      const shown = typeof value === "string" ? `one of ${value.length}` : typeof value;
      throw new TypeError(
        `supervisor: ${field} must be a string of 1 to ${LONGEST_ID} characters, got ${shown}`,
      );
    }
  }
  if (task.timeoutMs !== undefined) checkWhole("supervisor: timeoutMs", task.timeoutMs, 1, LONGEST_TIMER_MS);
  const { priority, signal } = task;
  return ticketOf("supervisor", {
    ...(priority !== undefined && { priority }),
    ...(signal !== undefined && { signal }),
  });
}
