import { describe, expect, it } from "vitest";
import { agentBuckets } from "../../../grafana/src/queries/red.ts";
import { expressions } from "./support/boards.ts";
import { nodes } from "./support/promql.ts";

const SDK = "gen_ai_invoke_agent_duration_seconds_bucket";
const COLLECTOR = "traces_span_metrics_duration_seconds_bucket";

/** Sums that throw buckets of both kinds together. Those of one application are of one kind: see `notCounted`. */
const unlike = (expr: string): readonly string[] =>
  nodes(expr, "AggregateExpr").filter((sum) => {
    const by = /^sum by \(([^)]*)\)/.exec(sum)?.[1]?.split(", ");
    if (by === undefined || !by.includes("le") || by.includes("job")) return false;
    return sum.includes(SDK) && sum.includes(COLLECTOR);
  });

const ofBoth = expressions.filter(([, expr]) => expr.includes(SDK) && expr.includes(COLLECTOR));

describe("buckets of the SDK and of the collector", () => {
  it("are asked for together on several panels", () => {
    expect(ofBoth.length).toBeGreaterThan(3);
  });

  it.each(ofBoth)("%s: are never added up", (_, expr) => {
    expect(unlike(expr)).toEqual([]);
  });

  it("would be found if they were", () => {
    const buckets = agentBuckets({ per: "increase", range: "$__range", scope: { app: "$app" } });
    expect(unlike(`histogram_quantile(0.95, sum by (le) (${buckets}))`)).toHaveLength(1);
    expect(unlike(`histogram_quantile(0.95, sum by (job, le) (${buckets}))`)).toEqual([]);
  });
});
