import { LABEL_APP } from "../../metrics/derived.ts";
import { table } from "../../panels/table.ts";
import { ERROR_SHARE, HEALTH, RUN_SECONDS } from "../../panels/values.ts";
import { VALUE } from "../../panels/variable.ts";
import { AGENT, spent } from "../../queries/cost.ts";
import { healthBy } from "../../queries/health.ts";
import { quantile, sumBy } from "../../queries/promql.ts";
import { agentBuckets, agentCalls, agentErrors } from "../../queries/red.ts";
import { orZero, share } from "../../queries/shares.ts";
import { toAgent } from "../links.ts";
import { APP_AND_AGENT, RANGE } from "../scope.ts";

const LABELS = [LABEL_APP, AGENT];
const WITHIN = { per: "increase", range: RANGE, scope: APP_AND_AGENT } as const;
const calls = agentCalls(WITHIN);

export const agentStats = table({
  id: 9,
  title: "Agents",
  description:
    "Runs of each agent in the range, the share that failed, how long 19 of 20 took at the most, the cost of its own model calls, and its health now.",
  unit: "short",
  noValue: "no runs of agents in this range",
  queries: [
    { refId: "calls", expr: `round(${calls})` },
    { refId: "errors", expr: share(agentErrors(WITHIN), calls) },
    { refId: "p95", expr: quantile(0.95, agentBuckets(WITHIN)) },
    { refId: "cost", expr: orZero(sumBy(LABELS, spent(APP_AND_AGENT, RANGE)), calls) },
    { refId: "health", expr: healthBy(LABELS, APP_AND_AGENT) },
  ],
  columns: [
    {
      field: AGENT,
      title: "Agent",
      width: 100,
      properties: { links: [toAgent(VALUE)] },
    },
    { field: "Value #health", title: "Health", unit: "none", thresholds: HEALTH, width: 70 },
    { field: "Value #errors", title: "Failed", unit: "percentunit", thresholds: ERROR_SHARE, width: 70 },
    { field: "Value #p95", title: "p95", unit: "s", thresholds: RUN_SECONDS, width: 75 },
    { field: "Value #calls", title: "Runs", width: 60 },
    { field: "Value #cost", title: "Cost", unit: "currencyUSD", width: 80 },
    { field: LABEL_APP, title: "Application", width: 90 },
  ],
  sortBy: { title: "Health", lowestFirst: true },
  width: 10,
  height: 9,
});
