import { accessControl } from "./access/access.ts";
import { type RouterOptions, routerSettings } from "./router-options.ts";
import { agentRoutes } from "./routes/agent-routes.ts";
import { metricRoutes } from "./routes/metric-routes.ts";
import { operateRoutes } from "./routes/operate-routes.ts";
import { RouteTable } from "./routes/route-table.ts";
import { traceRoutes } from "./routes/trace-routes.ts";
import { usageRoutes } from "./routes/usage-routes.ts";

/** Answers a request. Never rejects. */
export type AgentsRouter = (request: Request) => Promise<Response>;

/**
 * The REST surface: health, statistics, costs, graph, breakers, budgets, memory, traces, ledger and dead letters, as JSON below a base path.
 *
 * Without `authorize` and `tokens` everybody who reaches it may read, so mount it behind your own authentication; and nobody may change
 * anything: each POST is refused until one of them says who may.
 *
 * @throws TypeError or RangeError that names the option, what it allows and the value.
 */
export function agentsRouter(options: RouterOptions = {}): AgentsRouter {
  const access = accessControl(options, options.clock);
  const { basePath, context } = routerSettings(options);
  const table = new RouteTable(basePath, access);
  for (const routes of [usageRoutes, metricRoutes, agentRoutes, operateRoutes, traceRoutes])
    for (const each of routes(context)) table.add(each);
  table.addLive(context.sources.changes);
  table.addDocument();
  return (request) => table.answer(request);
}
