import { z } from "@hono/zod-openapi";
import { count, ms, msOrUnknown, range, share, time, usage, usd, usdOrUnknown } from "./common.ts";
import { ERROR_CLASSES, redSeries, runStats } from "./usage.ts";

/** Without calls in the window nothing is known. */
export const healthScore = z.number().min(0).max(100).nullable().describe("0 to 100; null: not known.");

export const agentHealth = z.object({
  agent: z.string(),
  score: healthScore,
  status: z
    .enum(["healthy", "degraded", "unhealthy", "unknown"])
    .describe("`healthy` from 80, `degraded` from 60, else `unhealthy`; `unknown` without calls."),
  calls: count,
  components: z
    .object({ failure: share, slow: share, rejected: share, quarantined: share })
    .nullable()
    .describe("Rates from 0 to 1, as the score weighs them; `null` without calls."),
  success_rate: share.nullable(),
  p95_ms: msOrUnknown,
  objective_ms: ms,
  errors: z.partialRecord(z.enum(ERROR_CLASSES), count),
  rejections: count,
  fallbacks: count,
  breaker: z.string().nullable(),
});
export type AgentHealth = z.infer<typeof agentHealth>;

/** GET health: all agents, the worst first. */
export const systemHealth = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy", "unknown"]),
  score: healthScore.describe("Of the worst agent."),
  window_ms: ms,
  agents: z.array(agentHealth),
  open_breakers: count,
});
export type SystemHealth = z.infer<typeof systemHealth>;

export const graphNode = z.object({
  id: z
    .string()
    .describe(
      "`agent:writer`, `tool:search`, `model:gpt-4o`, `workflow:article`, and `user` for who is outside.",
    ),
  kind: z.enum(["user", "workflow", "agent", "tool", "model"]),
  name: z.string(),
  calls: count,
  errors: count,
  tokens: count,
  cost_usd: usd.describe("US dollars, of its own model calls."),
  inclusive_cost_usd: usd.describe("US dollars, with all that it called."),
  health: healthScore,
});
export const graphEdge = z.object({
  source: z.string(),
  target: z.string(),
  calls: count,
  errors: count,
  tokens: count,
  cost_usd: usd.describe("US dollars: of agents with all that they called, of models their own."),
  p50_ms: msOrUnknown,
  p95_ms: msOrUnknown,
});
/** GET metrics/interactions. */
export const graph = z.object({ ...range.shape, nodes: z.array(graphNode), edges: z.array(graphEdge) });
export type Graph = z.infer<typeof graph>;
export type GraphNode = z.infer<typeof graphNode>;
export type GraphEdge = z.infer<typeof graphEdge>;

/** GET agents: the known ones, the busiest first. */
export const agentRow = z.object({
  agent: z.string(),
  ...runStats.shape,
  inclusive_cost_usd: usd,
  health: healthScore,
  breaker: z.string().nullable(),
  last_seen: time,
});
export const agentList = z.object({ ...range.shape, items: z.array(agentRow) });
export type AgentRow = z.infer<typeof agentRow>;
export type AgentList = z.infer<typeof agentList>;

/** GET agents/{agent}. */
export const agentDetail = z.object({
  ...range.shape,
  agent: z.string(),
  stats: runStats,
  usage,
  inclusive_cost_usd: usd,
  health: agentHealth,
  series: redSeries,
  by_model: z.array(usage.extend({ name: z.string() })),
  tools: z.array(z.object({ name: z.string(), calls: count, errors: count, p95_ms: msOrUnknown })),
  callers: z.array(z.object({ name: z.string(), type: z.string(), calls: count, errors: count })),
  errors: z.array(
    z.object({ class: z.enum(ERROR_CLASSES), error_type: z.string(), operation: z.string(), count }),
  ),
});
export type AgentDetail = z.infer<typeof agentDetail>;

/** GET circuit-breakers. */
export const breakerRow = z.object({
  name: z.string(),
  state: z
    .string()
    .describe("As the state machine has it; a state that this version does not know stays as it came."),
  since: time.nullable(),
  retry_after_ms: msOrUnknown.describe("`null` where it does not wait, or nobody knows."),
  failures: count.nullable(),
  successes: count.nullable(),
  rejections: count.nullable(),
  resettable: z
    .boolean()
    .describe("Whether a reset from here reaches it; where not, `reset_hint` says what to do."),
  reset_hint: z.string().nullable(),
});
export const breakerList = z.object({ items: z.array(breakerRow) });
export const breakerReset = z.object({ name: z.string(), state: z.string() });
export type BreakerRow = z.infer<typeof breakerRow>;

/** GET budgets. */
export const budgetRow = z.object({
  name: z.string(),
  window: z.string().describe("`request`, `hour`, `day`, `month`."),
  limit_usd: usd,
  used_usd: usd,
  share: z.number().nonnegative().describe("Of the limit; 1: all of it is used."),
  rejections: count,
});
export const budgetList = z.object({ items: z.array(budgetRow) });
export type BudgetRow = z.infer<typeof budgetRow>;

/** GET memory/stats. */
export const memoryRow = z.object({
  kind: z.enum(["shared_state", "window", "decaying"]),
  name: z.string(),
  values: z
    .record(z.string(), z.number())
    .describe(
      "What it holds and has done: `tokens`, `messages`, `entries`, `keys` and so on, without any content.",
    ),
});
export const memoryList = z.object({ items: z.array(memoryRow) });
export type MemoryRow = z.infer<typeof memoryRow>;

/** GET failures: findings of the failure-mode detectors, the newest first. */
export const failure = z.object({
  mode: z.string(),
  agent: z.string(),
  time,
  trace_id: z.string(),
  span_id: z.string(),
  action: z.string(),
  evidence: z
    .record(z.string(), z.unknown())
    .describe("What it was seen by: counts, names, ids of spans. Never text of prompts."),
});
export type Failure = z.infer<typeof failure>;

/** GET ledger: what breakers did, the newest first. */
export const ledgerRow = z.object({
  time,
  kind: z.string().describe("`transition`, `failure`, and what else is in a ledger."),
  breaker: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: z.string().nullable(),
  error_type: z.string().nullable(),
  actor: z.string().nullable(),
  trace_id: z.string().nullable(),
});
export type LedgerLine = z.infer<typeof ledgerRow>;

/** GET dead-letters. */
export const deadLetter = z.object({
  id: z.string(),
  queue: z.string(),
  task_type: z.string(),
  reason: z.string(),
  error: z.string().nullable(),
  attempts: count,
  replays: count,
  first_failed: time,
  last_failed: time,
  resolved: z.boolean(),
  resolution: z.string().nullable(),
  trace_id: z.string().nullable(),
  replay_requested: z.boolean().describe("Whether a replay was asked for, and no one has done it yet."),
});
export type DeadLetterRow = z.infer<typeof deadLetter>;

/** POST dead-letters/{queue}/{id}/replay: asked for; who runs the queue's handler will do it. */
export const replayAsked = z.object({
  id: z.string(),
  outcome: z
    .enum(["succeeded", "failed", "requested"])
    .describe("`requested`: whoever runs the handler of the queue will do it."),
  error: z.string().nullable(),
});
export const letterResolved = z.object({
  id: z.string(),
  resolved: z.boolean().describe("false: it was resolved before."),
});
export const costOrUnknown = usdOrUnknown;
