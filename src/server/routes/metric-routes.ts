import { z } from "@hono/zod-openapi";
import { graph } from "../api/agents.ts";
import { agentMetrics, errors, metricsTrend, statistics } from "../api/usage.ts";
import { errorsView } from "../views/errors-view.ts";
import { graphView } from "../views/graph-view.ts";
import { agentMetricsView, metricsTrendView, statisticsView } from "../views/run-stats-view.ts";
import { dayRange, periodRange } from "../views/time-range.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { days, period } from "./parameters.ts";
import { type RouteContext, rowsOf } from "./route-context.ts";

const ofPeriod = z.object({ period });

/** How agents did: counts, durations, errors, and who called whom. */
export function metricRoutes(context: RouteContext): readonly Endpoint[] {
  const { clock, health } = context;
  return [
    endpoint({
      method: "get",
      path: "statistics",
      summary: "Requests as a whole",
      description:
        "A request is a run of an agent or workflow that nobody of the program has called. Tokens and cost are those of all model calls, so that they are the same as in `token-stats`.",
      query: ofPeriod,
      answer: statistics,
      async handle({ query }) {
        const range = periodRange(query.period, clock.now());
        return statisticsView(await rowsOf(context, range.rows), range);
      },
    }),
    endpoint({
      method: "get",
      path: "metrics",
      summary: "Runs of each agent, the busiest first",
      query: ofPeriod,
      answer: agentMetrics,
      async handle({ query }) {
        const range = periodRange(query.period, clock.now());
        return agentMetricsView(await rowsOf(context, range.rows), range);
      },
    }),
    endpoint({
      method: "get",
      path: "metrics/trend",
      summary: "Requests as a whole, day by day",
      query: z.object({ days }),
      answer: metricsTrend,
      async handle({ query }) {
        const range = dayRange(query.days, clock.now());
        return metricsTrendView(await rowsOf(context, range.rows), range);
      },
    }),
    endpoint({
      method: "get",
      path: "metrics/errors",
      summary: "What went wrong, the most frequent first",
      description:
        "Each failed call: one that fails in an agent, and makes it fail, counts for the call and for the agent.",
      query: ofPeriod,
      answer: errors,
      async handle({ query }) {
        const range = periodRange(query.period, clock.now());
        return errorsView(await rowsOf(context, range.rows), range);
      },
    }),
    endpoint({
      method: "get",
      path: "metrics/interactions",
      summary: "Who called whom: nodes and edges",
      query: ofPeriod,
      answer: graph,
      async handle({ query }) {
        const range = periodRange(query.period, clock.now());
        const [rows, now] = await Promise.all([rowsOf(context, range.rows), health.agents()]);
        return graphView(rows, range, now);
      },
    }),
  ];
}
