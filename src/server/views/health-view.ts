import { type AgentHealth as Health, healthStatus } from "../../health/agent-health.ts";
import type { AgentHealth, BreakerRow, SystemHealth } from "../api/agents.ts";

const OPEN: readonly string[] = ["open", "forced_open"];

/** @param health The worst first. */
export function systemHealthView(
  health: readonly Health[],
  windowMs: number,
  breakers: readonly Pick<BreakerRow, "state">[],
): SystemHealth {
  const worst = health[0]?.score;
  return {
    status: healthStatus(worst),
    score: worst ?? null,
    window_ms: windowMs,
    agents: health.map(agentHealthView),
    open_breakers: breakers.filter(({ state }) => OPEN.includes(state)).length,
  };
}

export function agentHealthView(health: Health): AgentHealth {
  return {
    agent: health.agent,
    score: health.score ?? null,
    status: health.status,
    calls: health.calls,
    components: health.components === undefined ? null : { ...health.components },
    success_rate: health.successRate ?? null,
    p95_ms: health.p95Ms ?? null,
    objective_ms: health.objectiveMs,
    errors: { ...health.errors },
    rejections: health.rejections,
    fallbacks: health.fallbacks,
    breaker: health.breakerState ?? null,
  };
}
