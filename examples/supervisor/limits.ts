import { setTimeout as sleep } from "node:timers/promises";
import { currentAgent, formatTotals, formatUsd } from "agent-otel";
import { log } from "./logger.ts";

/** How often an agent may ask its model before it must have an answer. Agents do not stop by themselves. */
export const MAX_ITERATIONS = 10;

const MINUTE_MS = 60_000;

export class IterationLimitError extends Error {
  override readonly name = "IterationLimitError";

  constructor(agent: string) {
    super(`${agent} has no answer after ${MAX_ITERATIONS} iterations`);
  }
}

export class CostLimitError extends Error {
  override readonly name = "CostLimitError";
}

/** Waits until a model may be asked. @throws CostLimitError when it may not be asked any more */
export type BeforeModelCall = (signal?: AbortSignal) => Promise<void>;

export interface LimitOptions {
  /** US dollars for one request, the agents below included. */
  readonly maxCostUsd: number;
  readonly callsPerMinute: number;
}

/** @throws RangeError when the cost limit is not an amount */
export function limits({ maxCostUsd, callsPerMinute }: LimitOptions): BeforeModelCall {
  if (!(maxCostUsd >= 0)) throw new RangeError(`maxCostUsd must be a number >= 0, got ${maxCostUsd}`);
  const rate = rateLimit(callsPerMinute);
  return async (signal) => {
    checkCost(maxCostUsd);
    await rate(signal);
  };
}

/** The total of the request is kept by agent-otel, with an SDK or without, so there is nothing to pass around. */
function checkCost(maxCostUsd: number): void {
  const spent = currentAgent()?.request;
  if (spent === undefined || spent.costNanoUsd <= maxCostUsd * 1e9) return;
  throw new CostLimitError(`cost limit of ${formatUsd(maxCostUsd * 1e9)} exceeded: ${formatTotals(spent)}`);
}

/** So many calls in any minute. The first ones go through at once: spreading them evenly would only make everybody wait. */
function rateLimit(callsPerMinute: number): BeforeModelCall {
  const startedMs: number[] = [];
  return async (signal) => {
    while (startedMs.length >= callsPerMinute) {
      const waitMs = startedMs[0]! + MINUTE_MS - performance.now();
      if (waitMs <= 0) {
        startedMs.shift();
        continue;
      }
      log.warn(`waits ${Math.ceil(waitMs / 1000)} s: ${callsPerMinute} calls were made in the last minute`);
      await sleep(waitMs, undefined, signal && { signal });
    }
    startedMs.push(performance.now());
  };
}
