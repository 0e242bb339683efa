import type { Mutant } from "./mutant.ts";
import {
  BOARDS,
  everywhere,
  expressions,
  inDashboard,
  inPanel,
  inQuery,
  type Json,
  listIn,
  ofType,
} from "./plant.ts";

const anyQuery = (): boolean => true;
const graph = (panel: Json): boolean =>
  panel["type"] === "timeseries" &&
  expressions(panel).some((expr) => /rate\([^[]*\[\$__rate_interval\]/.test(expr));

const isCost = (expr: string): boolean => expr.includes("agents_cost_total");
const UNLIKE = [
  "gen_ai_invoke_agent_duration_seconds_bucket",
  "traces_span_metrics_duration_seconds_bucket",
].map((series) => `increase(${series}[$__range])`);

/** Of what dashboards ask for. */
export const QUERY_MUTANTS: readonly Mutant[] = [
  {
    fault: "metric renamed in queries",
    check: "names",
    plant: everywhere(BOARDS, "agents_cost_total", "agents_costs_total"),
  },
  {
    fault: "label renamed in queries",
    check: "names",
    plant: everywhere(BOARDS, "gen_ai_agent_name=~", "gen_ai_agentname=~"),
  },
  {
    fault: "grouped by a label that is not there",
    check: "names",
    plant: inQuery(
      (expr) => expr.includes("by (gen_ai_agent_name"),
      (expr) => expr.replace("by (gen_ai_agent_name", "by (agent_name"),
    ),
  },
  {
    fault: "metric on no dashboard any more",
    check: "metrics-shown",
    plant: inDashboard(
      ({ uid }) => uid === "agent-otel-resilience",
      (board) => listIn(board, "panels").splice(0),
    ),
  },
  {
    fault: "PromQL that does not parse",
    check: "dashboard-lint",
    plant: inQuery(anyQuery, (expr) => `${expr})`),
  },
  {
    fault: "rate over a fixed window",
    check: "dashboard-lint",
    plant: inPanel(graph, (panel) =>
      changeTargets(panel, /./, (expr) => expr.replaceAll("[$__rate_interval]", "[5m]")),
    ),
  },
  {
    fault: "counter shown as it stands",
    check: "dashboard-lint",
    plant: inPanel(graph, (panel) => changeTargets(panel, /./, () => "sum(agents_cost_total)")),
  },
  {
    fault: "matcher that nothing fits",
    check: "queries",
    plant: inQuery(
      (expr) => expr.includes('job=~"$app"'),
      (expr) => expr.replaceAll('job=~"$app"', 'job=~"$app",instance="nowhere"'),
    ),
  },
  {
    fault: "query that Prometheus refuses",
    check: "queries",
    plant: inQuery(
      (expr) => expr.startsWith("sum"),
      (expr) => `label_replace(${expr}, "a", "$1", "b", "(")`,
    ),
  },
  {
    fault: "buckets of unlike bounds added up",
    check: "queries",
    plant: inQuery(isCost, () => `histogram_quantile(0.95, sum by (le) (${UNLIKE.join(" or ")}))`),
  },
  {
    fault: "rate of what is no counter",
    check: "queries",
    plant: inQuery(isCost, () => 'sum(rate(agents_health_score{job=~"$app"}[$__rate_interval]))'),
  },
  {
    fault: "variable without values",
    check: "queries",
    plant: everywhere(BOARDS, ", gen_ai_agent_name)", ", gen_ai_agents_name)"),
  },
  {
    fault: "node missing for an edge's end",
    check: "node-graph",
    plant: inPanel(ofType("nodeGraph"), (panel) =>
      changeTargets(panel, /^nodes/, (expr) => `topk(1, ${expr})`),
    ),
  },
  {
    fault: "arcs that are not within 0 and 1",
    check: "node-graph",
    plant: inPanel(ofType("nodeGraph"), (panel) =>
      changeTargets(panel, /^nodes_errors$/, (expr) => `1.5 + (${expr})`),
    ),
  },
];

function changeTargets(panel: Json, refId: RegExp, change: (expr: string) => string): void {
  for (const target of listIn(panel, "targets").filter((one) => refId.test(String(one["refId"])))) {
    target["expr"] = change(String(target["expr"]));
  }
}
