// A process with one breaker that is shared through a store. Arguments: the URL or file of the store, the name of the breaker, and:
// `obey` does what its parent says, and tells it the state; `idle` does nothing for a while; `force` forces it open; both then simply end.
import { setTimeout as wait } from "node:timers/promises";
import { DiagConsoleLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { isAgentError } from "../../../src/errors/agent-error.ts";
import { circuitBreaker } from "../../../src/resilience/circuit-breaker.ts";
import type { OperatorState } from "../../../src/stores/breakers/breaker-store.ts";
import { postgresStore } from "../../../src/stores/postgres/postgres-store.ts";
import { redisStore } from "../../../src/stores/redis/redis-store.ts";
import { sqliteStore } from "../../../src/stores/sqlite/sqlite-store.ts";

export interface Report {
  readonly state: string;
  readonly storeFailures: number;
  /** Calls so far, those that were refused or failed, and the slowest, milliseconds. */
  readonly calls: number;
  readonly refused: number;
  readonly failed: number;
  readonly slowestMs: number;
}

export type Order = "report" | "fail" | "call" | OperatorState;

const [where = "", name = "", way = ""] = process.argv.slice(2);
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);

const store = where.startsWith("redis")
  ? redisStore(where)
  : where.startsWith("postgres")
    ? postgresStore(where)
    : sqliteStore(where);
const breaker = circuitBreaker({ name, failureThreshold: 4, store });
const sums = { calls: 0, refused: 0, failed: 0, slowestMs: 0 };

async function call(): Promise<void> {
  const startedMs = performance.now();
  try {
    await breaker.execute(() => wait(1));
  } catch (error) {
    if (isAgentError(error) && error.code === "circuit_open") sums.refused += 1;
    else sums.failed += 1;
  }
  sums.calls += 1;
  sums.slowestMs = Math.max(sums.slowestMs, performance.now() - startedMs);
}

/** One after the other. A refusal takes no turn of the event loop, so that is taken here. */
async function keepCalling(): Promise<never> {
  for (;;) {
    await call();
    await wait(1);
  }
}

function operate(state: OperatorState): void {
  if (state === "forced_open") breaker.forceOpen();
  else if (state === "disabled") breaker.disable();
  else breaker.reset();
}

function report(): Report {
  return { state: breaker.state, storeFailures: breaker.facts().storeFailures, ...sums };
}

// Until it is connected.
if (way === "idle") setTimeout(() => {}, 1_500);
if (way === "force") operate("forced_open");
if (way === "obey") {
  process.on("message", (order: Order) => {
    if (order === "fail") breaker.recordFailure(new Error("503"));
    else if (order === "call") void keepCalling();
    else if (order !== "report") operate(order);
    process.send?.(report());
  });
  process.on("disconnect", () => void store.close().then(() => process.exit()));
}
