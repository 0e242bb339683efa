import { OP_INVOKE_AGENT, OP_INVOKE_WORKFLOW } from "../telemetry/semconv.ts";
import { isModelCall } from "./rollup/fold-record.ts";
import { LatencySketch } from "./rollup/latency-sketch.ts";
import type { RollupRow } from "./rollup/rollup-row.ts";

/** Runs, and what model calls used. Money in integer nano-dollars; `undefined` is not known, which is not 0. */
export interface RunStats {
  readonly totalRequests: number;
  readonly successful: number;
  /** With an error, also where the caller cancelled it. */
  readonly failed: number;
  /** From 0 to 1; `undefined` without runs. */
  readonly successRate: number | undefined;
  /** Of the runs whose duration is known. */
  readonly avgDurationMs: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  /** Input and output. */
  readonly totalTokens: number;
  /** Of the calls whose price is known. */
  readonly totalCostNanoUsd: number;
  /** The total over the runs; `undefined` without runs. */
  readonly avgCostNanoUsd: number | undefined;
}

/**
 * Without an agent: of requests, which are the runs of agents and workflows that nobody of the program has called, with the tokens and
 * cost of all model calls of these rows, so that they add up to those of models and agents also where calls are made outside of runs.
 *
 * With one: of all its runs, whoever called it, with the tokens and cost of its own model calls.
 */
export function runStats(rows: readonly RollupRow[], agent?: string): RunStats {
  const durations = new LatencySketch();
  let [total, failed, tokens, cost] = [0, 0, 0, 0];
  for (const row of rows) {
    if (agent === undefined ? isRequest(row) : isRunOf(row, agent)) {
      total += row.calls;
      if (row.errorType !== "") failed += row.calls;
      durations.merge(row.durations);
    } else if (isModelCall(row) && (agent === undefined || row.agent === agent)) {
      tokens += row.inputTokens + row.outputTokens;
      cost += row.costNanoUsd;
    }
  }
  return {
    totalRequests: total,
    successful: total - failed,
    failed,
    successRate: total === 0 ? undefined : (total - failed) / total,
    avgDurationMs: durations.count === 0 ? undefined : durations.sumMs / durations.count,
    p50Ms: durations.quantile(0.5),
    p95Ms: durations.quantile(0.95),
    totalTokens: tokens,
    totalCostNanoUsd: cost,
    avgCostNanoUsd: total === 0 ? undefined : cost / total,
  };
}

/** Whether calls of this row are runs that nobody of the program has called. */
export function isRequest(row: RollupRow): boolean {
  const isRun = row.operation === OP_INVOKE_AGENT || row.operation === OP_INVOKE_WORKFLOW;
  return isRun && row.callerType === "";
}

function isRunOf(row: RollupRow, agent: string): boolean {
  return row.operation === OP_INVOKE_AGENT && row.agent === agent;
}
