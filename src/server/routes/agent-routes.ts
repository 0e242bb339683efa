import { z } from "@hono/zod-openapi";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";
import { agentDetail, agentList, systemHealth } from "../api/agents.ts";
import { Refusal } from "../problem/refusal.ts";
import { shown } from "../problem/shown.ts";
import { agentDetailView, agentListView } from "../views/agent-views.ts";
import { agentHealthView, systemHealthView } from "../views/health-view.ts";
import { rowsByAgent } from "../views/run-stats-view.ts";
import { dayRange, periodRange } from "../views/time-range.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { period, text } from "./parameters.ts";
import { type RouteContext, rowsOf } from "./route-context.ts";

/** So long an agent is known that no longer runs. */
const KNOWN_DAYS = 35;

/** How healthy all are, and what there is to know about each. */
export function agentRoutes(context: RouteContext): readonly Endpoint[] {
  const { clock, health, sources } = context;
  const isKnown = async (agent: string, rows: readonly RollupRow[]): Promise<boolean> =>
    rowsByAgent(rows).has(agent) ||
    rowsByAgent(await rowsOf(context, dayRange(KNOWN_DAYS, clock.now()).rows)).has(agent);
  return [
    endpoint({
      method: "get",
      path: "health",
      summary: "Health of the whole, and of each agent, the worst first",
      description:
        "Over a sliding window of some minutes. Without calls nothing is known, which is neither healthy nor not.",
      answer: systemHealth,
      async handle() {
        const [agents, breakers] = await Promise.all([health.agents(), sources.breakers?.list()]);
        return systemHealthView(agents, health.windowMs, breakers ?? []);
      },
    }),
    endpoint({
      method: "get",
      path: "agents",
      summary: "Agents that worked in the period, the busiest first",
      query: z.object({ period }),
      answer: agentList,
      async handle({ query }) {
        const range = periodRange(query.period, clock.now());
        const [rows, now] = await Promise.all([rowsOf(context, range.rows), health.agents()]);
        return agentListView(rows, range, now);
      },
    }),
    endpoint({
      method: "get",
      path: "agents/{agent}",
      summary: "One agent: its runs over time, cost by model, tools, callers and errors",
      params: z.object({ agent: text(256, "Its name, percent-encoded.") }),
      query: z.object({ period }),
      answer: agentDetail,
      async handle({ params: { agent }, query }) {
        const range = periodRange(query.period, clock.now());
        const [rows, now] = await Promise.all([rowsOf(context, range.rows), health.agents()]);
        const own = now.find((each) => each.agent === agent);
        if (own === undefined && !(await isKnown(agent, rows)))
          throw new Refusal(
            "not_found",
            `there is no agent ${shown(agent)}: nobody of that name was called in ${KNOWN_DAYS} days`,
            { parameter: "agent" },
          );
        return agentDetailView(rows, range, agent, agentHealthView(own ?? health.unknown(agent)));
      },
    }),
  ];
}
