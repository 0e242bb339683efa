import { defaultPrices, type Prices } from "../cost/prices.ts";
import { type HealthMonitorOptions, healthSettings } from "../health/health-options.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import type { AccessOptions } from "./access/access.ts";
import { inProcessSources } from "./in-process/in-process-sources.ts";
import { healthOf } from "./routes/health-of-sources.ts";
import type { RouteContext } from "./routes/route-context.ts";
import type { AgentsSources } from "./sources/sources.ts";

export interface RouterOptions extends AccessOptions {
  /** The path under which it answers; "/" where what it is mounted in takes its own path away. @default "/api/agents" */
  readonly basePath?: string;
  /** What it reads. @default `inProcessSources()`: this process, from now on */
  readonly sources?: AgentsSources;
  /** How health is judged, where the sources do not say it themselves. @default as the health monitor does */
  readonly health?: Pick<HealthMonitorOptions, "windowMs" | "objectiveMs" | "objectivesMs" | "healthScore">;
  /** What other models cost. @default those of this process */
  readonly prices?: Prices;
  readonly clock?: Clock;
}

export interface RouterSettings {
  /** Without a slash at its end: empty for "/". */
  readonly basePath: string;
  readonly context: RouteContext;
}

/** What may stand in a path as it is, so that no part of it is taken for a parameter. */
const BASE_PATH = /^(?:\/[A-Za-z0-9._~-]+)*\/?$/;

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function routerSettings(options: RouterOptions): RouterSettings {
  const { basePath = "/api/agents", clock = systemClock, prices = defaultPrices } = options;
  if (typeof basePath !== "string" || !BASE_PATH.test(basePath))
    throw new TypeError(
      `agentsRouter: basePath must be a path such as "/api/agents", got ${JSON.stringify(basePath)}`,
    );
  const rules = healthSettings({ ...options.health, clock });
  const sources = options.sources ?? inProcessSources({ clock });
  return {
    basePath: basePath.replace(/\/$/, ""),
    context: { sources, health: healthOf(sources, rules), prices, clock },
  };
}
