import { isModelCall } from "../../health/rollup/fold-record.ts";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";
import { runStats } from "../../health/run-stats.ts";
import type { AgentMetrics, MetricsTrend, RunStats, Statistics } from "../api/usage.ts";
import { groupRows } from "./group-rows.ts";
import { inclusiveCosts } from "./inclusive-costs.ts";
import { type DayRange, dateOf, type PeriodRange } from "./time-range.ts";
import { callsOf, sumOf } from "./usage-sum.ts";

export function statisticsView(rows: readonly RollupRow[], { shown }: PeriodRange): Statistics {
  return {
    ...shown,
    ...runStatsView(rows),
    ...callCounts(rows),
    unpriced_calls: sumOf(rows.filter(isModelCall)).unpricedCalls,
  };
}

export function agentMetricsView(rows: readonly RollupRow[], { shown }: PeriodRange): AgentMetrics {
  const inclusive = inclusiveCosts(rows);
  const items = [...rowsByAgent(rows)].map(([agent, own]) => ({
    agent,
    ...runStatsView(own, agent),
    ...callCounts(own),
    inclusive_cost_usd: inclusive(agent),
  }));
  return { ...shown, items: items.sort(busiestFirst) };
}

export function metricsTrendView(rows: readonly RollupRow[], { dates }: DayRange): MetricsTrend {
  const byDate = groupRows(rows, ({ startMs }) => dateOf(startMs));
  return {
    days: dates.length,
    items: dates.map((date) => ({ date, ...runStatsView(byDate.get(date) ?? []) })),
  };
}

/** @param agent Left out: of requests as a whole. */
export function runStatsView(rows: readonly RollupRow[], agent?: string): RunStats {
  const stats = runStats(rows, agent);
  return {
    total_requests: stats.totalRequests,
    successful: stats.successful,
    failed: stats.failed,
    success_rate: stats.successRate ?? null,
    avg_duration_ms: stats.avgDurationMs ?? null,
    p50_duration_ms: stats.p50Ms ?? null,
    p95_duration_ms: stats.p95Ms ?? null,
    total_tokens: stats.totalTokens,
    total_cost_usd: stats.totalCostNanoUsd / 1e9,
    avg_cost_per_request: stats.avgCostNanoUsd === undefined ? null : stats.avgCostNanoUsd / 1e9,
  };
}

/** Rows of each agent that has a name: its runs, and the model and tool calls that it made. */
export function rowsByAgent(rows: readonly RollupRow[]): ReadonlyMap<string, readonly RollupRow[]> {
  const named = rows.filter(({ agent, operation }) => agent !== "" && operation !== "invoke_workflow");
  return groupRows(named, ({ agent }) => agent);
}

/** The order of agents: the busiest first, of equal ones the dearest. */
export function busiestFirst(a: Ranked, b: Ranked): number {
  return (
    b.total_requests - a.total_requests || b.total_cost_usd - a.total_cost_usd || (a.agent < b.agent ? -1 : 1)
  );
}

type Ranked = Pick<RunStats, "total_requests" | "total_cost_usd"> & { readonly agent: string };

function callCounts(rows: readonly RollupRow[]) {
  return {
    model_calls: callsOf(rows.filter(isModelCall)),
    tool_calls: callsOf(rows.filter(({ operation }) => operation === "execute_tool")),
  };
}
