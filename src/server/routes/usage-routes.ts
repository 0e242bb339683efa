import { z } from "@hono/zod-openapi";
import { costAtRates } from "../../cost/cost-at-rates.ts";
import { tokenStats, tokenTrend, whatIf } from "../api/usage.ts";
import { dayRange, periodRange } from "../views/time-range.ts";
import { tokenStatsView, tokenTrendView } from "../views/usage-views.ts";
import { whatIfView } from "../views/what-if-view.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { days, oneOf, period, text } from "./parameters.ts";
import { type RouteContext, usageRowsOf } from "./route-context.ts";

/** What model calls used, and did cost. */
export function usageRoutes(context: RouteContext): readonly Endpoint[] {
  const { clock, prices } = context;
  return [
    endpoint({
      method: "get",
      path: "token-stats",
      summary: "Tokens and cost of model calls, by agent, model or provider",
      query: z.object({
        period,
        by: oneOf(["agent", "model", "provider"], "What the calls are added up by.")
          .default("agent")
          .openapi({ default: "agent" }),
      }),
      answer: tokenStats,
      async handle({ query }) {
        const range = periodRange(query.period, clock.now());
        return tokenStatsView(await usageRowsOf(context, range.rows), range, query.by);
      },
    }),
    endpoint({
      method: "get",
      path: "token-stats/trend",
      summary: "Tokens and cost of model calls, day by day",
      query: z.object({ days }),
      answer: tokenTrend,
      async handle({ query }) {
        const range = dayRange(query.days, clock.now());
        return tokenTrendView(await usageRowsOf(context, range.rows), range);
      },
    }),
    endpoint({
      method: "get",
      path: "costs/what-if",
      summary: "What the same model calls would have cost on another model",
      description:
        "At the list price of that model, or the program's own price for it, with the tokens as they were counted.",
      query: z.object({
        period,
        model: text(256, "As providers name it, or `provider/model`."),
      }),
      answer: whatIf,
      async handle({ query }) {
        const range = periodRange(query.period, clock.now());
        const price = prices.modelPrice(undefined, query.model);
        const costAt = price && costAtRates(price);
        return whatIfView(await usageRowsOf(context, range.rows), range, query.model, costAt);
      },
    }),
  ];
}
