import {
  type CircuitBreaker,
  circuitBreaker,
  costGuard,
  type RequestQueue,
  redisStore,
  requestQueue,
  timeout,
  wrap,
} from "agent-otel";
import type { Settings } from "./settings.ts";

type Task = (text: string, signal?: AbortSignal) => Promise<string>;

export interface GuardedTasks {
  readonly run: Task;
  readonly queue: RequestQueue;
  readonly breaker: CircuitBreaker;
  /** What replicas share; `undefined` where each counts for itself. */
  readonly store: ReturnType<typeof redisStore> | undefined;
}

/** Reserved while a task runs. Two calls of at most 1,000 tokens cost a tenth of it. */
const PER_TASK_USD = 0.05;
const TASK_TIMEOUT_MS = 60_000;

/** The task behind a queue, a budget, a breaker and a time limit: who waits has reserved no money, who is refused has spent none. */
export function guardTasks(task: Task, settings: Settings): GuardedTasks {
  const { maxConcurrentAgents, costLimitHourlyUsd, redisUrl } = settings;
  const store = redisUrl === undefined ? undefined : redisStore(redisUrl);
  const shared = store && { store };
  const queue = requestQueue({
    name: "tasks",
    concurrency: maxConcurrentAgents,
    // As many again may wait; who comes then is better off with another replica.
    maxQueue: maxConcurrentAgents,
  });
  const budget = costGuard({
    name: "orchestrator",
    perRequestUsd: Math.min(PER_TASK_USD, costLimitHourlyUsd),
    hourlyUsd: costLimitHourlyUsd,
    dailyUsd: costLimitHourlyUsd * 24,
    ...shared,
  });
  const breaker = circuitBreaker({
    name: "models",
    failureThreshold: 5,
    recoveryTimeoutMs: 30_000,
    ...shared,
  });
  const run = wrap(queue, budget, breaker, timeout(TASK_TIMEOUT_MS)).around(task);
  return { run, queue, breaker, store };
}
