import type { HealthFacts } from "./agent-facts.ts";
import { type AgentScore, agentScore, type HealthScore } from "./health-score.ts";
import type { RollupRange, SliceMs } from "./rollup/rollup-row.ts";

/** `healthy` from 80, `degraded` from 60, else `unhealthy`; `unknown` without data. */
export type HealthStatus = "healthy" | "degraded" | "unhealthy" | "unknown";

/** Health of one agent over the window. */
export interface AgentHealth extends HealthFacts, AgentScore {
  readonly status: HealthStatus;
  /** Of `calls`, from 0 to 1, as it was and not as the score weighs it; `undefined` without calls. */
  readonly successRate: number | undefined;
}

/** @param formula Instead of the weighted one. */
export function agentHealth(facts: HealthFacts, formula?: HealthScore): AgentHealth {
  const { score, components } = agentScore(facts, formula);
  const successRate = facts.calls > 0 ? 1 - facts.failures / facts.calls : undefined;
  return { ...facts, score, components, status: healthStatus(score), successRate };
}

/** Failures weigh half of the score, so that an agent of which every run fails nears 50 from above. */
export const UNHEALTHY_BELOW = 60;

export function healthStatus(score: number | undefined): HealthStatus {
  if (score === undefined) return "unknown";
  if (score >= 80) return "healthy";
  return score >= UNHEALTHY_BELOW ? "degraded" : "unhealthy";
}

/** Order for `sort`: the worst first, those of which nothing is known last; of equal ones the busiest. */
export function byHealth(a: AgentHealth, b: AgentHealth): number {
  const one = a.score ?? Number.POSITIVE_INFINITY;
  const other = b.score ?? Number.POSITIVE_INFINITY;
  if (one !== other) return one - other;
  return b.calls - a.calls || (a.agent < b.agent ? -1 : 1);
}

/** Slices whose rows are looked at. */
export const HEALTH_SLICE_MS: SliceMs = 10_000;
/** How long an agent that is no longer called is listed, as unknown, in slices of 5 minutes. */
export const KNOWN_AGENTS_MS = 3_600_000;

/**
 * The slices of a sliding window: that of now, and those before it that lie in the window whole. So nothing counts for longer than the
 * window is.
 */
export function healthRange(nowMs: number, windowMs: number): RollupRange {
  const toMs = Math.floor(nowMs / HEALTH_SLICE_MS + 1) * HEALTH_SLICE_MS;
  const fromMs = Math.ceil((toMs - windowMs) / HEALTH_SLICE_MS) * HEALTH_SLICE_MS;
  return { fromMs, toMs, sliceMs: HEALTH_SLICE_MS };
}
