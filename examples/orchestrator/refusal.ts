import { isAgentError } from "agent-otel";

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Whole seconds. */
  readonly retryAfter?: number;
}

/** What HTTP says of an error: 429 for the budget, 503 where another try may do, 504 for time, 500 for the rest. */
export function refusalOf(error: unknown, nowMs: number): Refusal {
  // What a provider says may hold parts of a prompt.
  if (!isAgentError(error)) return { status: 500, code: "task_failed", message: "the task failed" };
  const { code, message } = error;
  const inMs =
    "resetAtMs" in error ? Number(error.resetAtMs) - nowMs : "retryAfterMs" in error && error.retryAfterMs;
  const retryAfter =
    typeof inMs === "number" && Number.isFinite(inMs)
      ? { retryAfter: Math.max(1, Math.ceil(inMs / 1_000)) }
      : {};
  return { status: statusOf(code), code, message, ...retryAfter };
}

function statusOf(code: string): number {
  if (code === "budget_exceeded") return 429;
  if (code === "timeout" || code === "queue_expired") return 504;
  return ["queue_full", "queue_closed", "circuit_open", "store_unusable"].includes(code) ? 503 : 500;
}
