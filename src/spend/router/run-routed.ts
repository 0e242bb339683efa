import { isAgentError } from "../../errors/agent-error.ts";
import { NoEligibleModelError } from "../../errors/no-eligible-model-error.ts";
import type { Clock } from "../../internal/clock.ts";
import { deadlineOf, isOver } from "../../internal/deadline.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import type { ActualCost } from "./call-outcomes.ts";
import { statusOf } from "./cooldown.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { RouteTask } from "./route-task.ts";
import type { RouterDecision } from "./router-decision.ts";

/** Calls the model that was picked. @param signal The caller's. */
export type RoutedCall<T> = (decision: RouterDecision, signal: AbortSignal | undefined) => Promise<T>;

export interface RouterRunOptions<T> {
  readonly signal?: AbortSignal;
  /** What a call cost, read from its result. @default what `record` was told by then, else the estimate */
  readonly cost?: (result: T) => ActualCost | undefined;
}

/** What a run needs of its router. */
export interface Routes {
  route(task: RouteTask): RouterDecision;
  record(decision: RouterDecision, actual: ActualCost): number;
  report(decision: RouterDecision, error: unknown): void;
}

interface Parts {
  readonly router: Routes;
  readonly retries: RetryBudget;
  readonly clock: Clock;
}

/** What the call is called off with by the caller. */
const GIVEN_UP = ["AbortError", "APIUserAbortError"];
/** Answers that any model would give to the same call. */
const CALLERS_FAULT = [400, 405, 409, 411, 413, 415, 422];

/** Calls the picked model; when it fails, others, while time, attempts and the share of retries last. Rejects with the last error. */
export async function runRouted<T>(
  { router, retries, clock }: Parts,
  task: RouteTask,
  call: RoutedCall<T>,
  { signal, cost }: RouterRunOptions<T>,
): Promise<T> {
  signal?.throwIfAborted();
  retries.began();
  const tried: RouterDecision[] = [];
  let decision = router.route(task);
  for (;;) {
    try {
      const result = await call(decision, signal);
      settle(router, decision, result, cost);
      return result;
    } catch (error) {
      router.report(decision, error);
      tried.push(decision);
      const next = mayRetry(error) && tried.length < retries.attempts && !isOver(signal, clock);
      const other = next ? another(router, retries, withTimeLeft(task, signal, clock), tried) : undefined;
      if (other === undefined) throw error;
      decision = other;
    }
  }
}

/** Never throws: a cost that cannot be must not cost the caller the result. */
function settle<T>(
  router: Routes,
  decision: RouterDecision,
  result: T,
  cost: RouterRunOptions<T>["cost"],
): void {
  const estimate = { costUsd: decision.estimatedCostUsd };
  try {
    router.record(decision, cost?.(result) ?? estimate);
  } catch (error) {
    reportFailure("reading the cost of a routed call", error);
    router.record(decision, estimate);
  }
}

/** @returns `undefined` where no other model can take the call, or there were too many retries lately. */
function another(
  router: Routes,
  retries: RetryBudget,
  task: RouteTask,
  tried: readonly RouterDecision[],
): RouterDecision | undefined {
  if (!retries.isLeft) return undefined;
  try {
    const decision = router.route({ ...task, except: [...(task.except ?? []), ...tried] });
    retries.take();
    return decision;
  } catch (error) {
    if (error instanceof NoEligibleModelError) return undefined;
    throw error;
  }
}

function mayRetry(error: unknown): boolean {
  if (isAgentError(error)) return error.code === "timeout" || error.code === "circuit_open";
  if (error instanceof Error && GIVEN_UP.includes(error.name)) return false;
  const status = statusOf(error);
  return status === undefined || !CALLERS_FAULT.includes(status);
}

/** The next model has to answer in what is left of the caller's time. */
function withTimeLeft(task: RouteTask, signal: AbortSignal | undefined, clock: Clock): RouteTask {
  const endMs = deadlineOf(signal);
  if (endMs === undefined) return task;
  const leftMs = Math.max(0, endMs - clock.monotonic());
  return { ...task, maxLatencyMs: Math.min(task.maxLatencyMs ?? leftMs, leftMs) };
}
