import { agentFacts } from "../../health/agent-facts.ts";
import {
  type AgentHealth,
  agentHealth,
  byHealth,
  healthRange,
  KNOWN_AGENTS_MS,
} from "../../health/agent-health.ts";
import type { HealthSettings } from "../../health/health-options.ts";
import type { AgentsSources } from "../sources/sources.ts";
import type { RouteContext } from "./route-context.ts";

/** Health as the sources have it; else made from their rows, the way a health monitor makes it. */
export function healthOf(
  sources: AgentsSources,
  {
    windowMs,
    objectiveMs,
    healthScore,
    clock,
  }: Pick<HealthSettings, "windowMs" | "objectiveMs" | "healthScore" | "clock">,
): RouteContext["health"] {
  const { health, rollups } = sources;
  const unknown = (agent: string): AgentHealth =>
    agentHealth(agentFacts([], { agents: [agent], objectiveMs })[0]!, healthScore);
  if (health !== undefined)
    return { windowMs: health.windowMs, unknown, agents: async () => health.agents() };
  return {
    windowMs,
    unknown,
    agents: async () => {
      const nowMs = clock.now();
      const known = { fromMs: nowMs - KNOWN_AGENTS_MS, toMs: nowMs + 1, sliceMs: 300_000 } as const;
      const [rows, seen, signals] = await Promise.all([
        rollups.rows(healthRange(nowMs, windowMs)),
        rollups.rows(known),
        sources.signals?.signals(),
      ]);
      const agents = new Set(seen.map(({ agent }) => agent));
      const facts = agentFacts(rows, { agents, objectiveMs, ...(signals && { signals }) });
      return facts.map((each) => agentHealth(each, healthScore)).sort(byHealth);
    },
  };
}
