import { z } from "@hono/zod-openapi";
import { count, ms, msOrUnknown, range, share, time, usage, usd, usdOrUnknown } from "./common.ts";

/** GET token-stats: what model calls used, the dearest first. */
export const tokenStats = z.object({
  ...range.shape,
  by: z.enum(["agent", "model", "provider"]),
  total: usage,
  items: z.array(usage.extend({ name: z.string() })),
});
export type TokenStats = z.infer<typeof tokenStats>;

/** GET token-stats/trend: one for each day, the oldest first, today included. */
export const tokenTrend = z.object({
  days: count,
  items: z.array(
    usage.extend({
      date: z.iso.date(),
      by_agent: z
        .array(z.object({ name: z.string(), cost_usd: usd, tokens: count }))
        .describe("The dearest first."),
      by_model: z.array(z.object({ name: z.string(), cost_usd: usd, tokens: count })),
    }),
  ),
});
export type TokenTrend = z.infer<typeof tokenTrend>;

/** GET costs/what-if: what the same calls would have cost on another model at its list price. */
export const whatIf = z.object({
  ...range.shape,
  model: z.string(),
  cost_usd: usd,
  other_cost_usd: usdOrUnknown.describe("US dollars; null: the price of that model is not known."),
  items: z.array(
    z.object({
      agent: z.string(),
      model: z.string(),
      calls: count,
      cost_usd: usd,
      other_cost_usd: usdOrUnknown,
    }),
  ),
});
export type WhatIf = z.infer<typeof whatIf>;

/** The fields of one agent's runs, or of all. A request is a run of an agent; success_rate is `null` without any. */
export const runStats = z.object({
  total_requests: count.describe("Runs."),
  successful: count,
  failed: count,
  success_rate: share.nullable().describe("From 0 to 1; null without any."),
  avg_duration_ms: msOrUnknown,
  p50_duration_ms: msOrUnknown,
  p95_duration_ms: msOrUnknown,
  total_tokens: count.describe("Input and output."),
  total_cost_usd: usd,
  avg_cost_per_request: usdOrUnknown,
});
export type RunStats = z.infer<typeof runStats>;

/** GET statistics: of requests as a whole, which are the runs that nobody of the program has called. */
export const statistics = runStats.extend({
  ...range.shape,
  model_calls: count,
  tool_calls: count,
  unpriced_calls: count,
});
export type Statistics = z.infer<typeof statistics>;

/** GET metrics: per agent, the busiest first. Tokens and cost are its own model calls'. */
export const agentMetrics = z.object({
  ...range.shape,
  items: z.array(
    runStats.extend({
      agent: z.string(),
      model_calls: count,
      tool_calls: count,
      inclusive_cost_usd: usd.describe("US dollars, with all that it called."),
    }),
  ),
});
export type AgentMetrics = z.infer<typeof agentMetrics>;

/** GET metrics/trend: one for each day, the oldest first. */
export const metricsTrend = z.object({
  days: count,
  items: z.array(runStats.extend({ date: z.iso.date() })),
});
export type MetricsTrend = z.infer<typeof metricsTrend>;

export const ERROR_CLASSES = [
  "timeout",
  "rate_limit",
  "provider",
  "tool",
  "validation",
  "cancelled",
  "budget",
  "unknown",
] as const;

/** GET metrics/errors: what went wrong, the most frequent first. */
export const errors = z.object({
  ...range.shape,
  total: count,
  by_class: z.array(z.object({ class: z.enum(ERROR_CLASSES), count })),
  items: z.array(
    z.object({
      agent: z.string(),
      class: z.enum(ERROR_CLASSES),
      error_type: z.string().describe("`error.type`."),
      operation: z.string().describe("What failed: `chat`, `execute_tool`, `invoke_agent` …"),
      count,
      last_seen: time,
    }),
  ),
});
export type Errors = z.infer<typeof errors>;

/** A point of a chart: the calls that ended in `slice_ms` from `time` on. */
export const redPoint = z.object({
  time,
  calls: count,
  errors: count,
  p50_ms: msOrUnknown,
  p95_ms: msOrUnknown,
  tokens: count,
  cost_usd: usd,
});
export const redSeries = z.object({ slice_ms: ms, points: z.array(redPoint) });
export type RedSeries = z.infer<typeof redSeries>;
