import { describe, expect, it } from "vitest";
import type { Check } from "../../../scripts/check-shipped/check.ts";
import { dashboardLinks } from "../../../scripts/check-shipped/checks/dashboard-links.ts";
import { dashboardLint } from "../../../scripts/check-shipped/checks/dashboard-lint.ts";
import { dashboardSchema } from "../../../scripts/check-shipped/checks/dashboard-schema.ts";
import { differences } from "../../../scripts/check-shipped/checks/generated.ts";
import { metricsNotShown, names } from "../../../scripts/check-shipped/checks/names.ts";
import { queries } from "../../../scripts/check-shipped/checks/queries.ts";
import { runCheck } from "../../../scripts/check-shipped/run-checks.ts";
import { board, fakeTools, type Json, panel, sample, treeOf } from "./examples.ts";

const said = async (check: Check, dashboard: Json, tools = fakeTools()) =>
  (await check.run(treeOf(dashboard), tools)).map(({ what }) => what).join("\n");
const withPanel = (changes: Json) => board({ panels: [panel(changes)] });
const withExpr = (expr: string) =>
  withPanel({ targets: [{ refId: "A", datasource: { type: "prometheus", uid: `\${datasource}` }, expr }] });
const defaults = (changes: Json): Json => ({
  fieldConfig: { defaults: { unit: "s", noValue: "none", ...changes }, overrides: [] },
});

describe.each([dashboardLint, dashboardSchema, dashboardLinks, names])("$name", (check) => {
  it("finds nothing in a dashboard that keeps the rules", async () => {
    expect(await said(check, board())).toBe("");
  });
});

describe("dashboard-lint", () => {
  it.each<[string, Json, string]>([
    ["no title", withPanel({ title: "" }), "has no title"],
    ["no description", withPanel({ description: "" }), "has no description"],
    ["no unit", withPanel(defaults({ unit: "" })), "has no unit"],
    ["an unknown unit", withPanel(defaults({ unit: "dollars" })), 'has the unit "dollars"'],
    ["no text for no data", withPanel(defaults({ noValue: "" })), "has no text for no data"],
    [
      "thresholds out of order",
      withPanel(defaults({ thresholds: { steps: [{ value: null }, { value: 5 }, { value: 1 }] } })),
      "thresholds that do not rise",
    ],
    [
      "thresholds from a number",
      withPanel(defaults({ thresholds: { steps: [{ value: 5 }] } })),
      "do not begin at null",
    ],
    ["a gauge without a scale", withPanel({ type: "gauge" }), "without the ends of its scale"],
    [
      "an unknown transformation",
      withPanel({ transformations: [{ id: "timeSeriesTable" }] }),
      "does not export",
    ],
    [
      "a renaming node graph",
      withPanel({ type: "nodeGraph", transformations: [{ id: "organize" }] }),
      "renames fields by organize",
    ],
    ["a node graph of series", withPanel({ type: "nodeGraph" }), "not as an instant table"],
    ["two panels in one place", board({ panels: [panel(), panel({ id: 2 })] }), "overlaps"],
    [
      "a panel beyond the grid",
      withPanel({ gridPos: { x: 20, y: 0, w: 8, h: 4 } }),
      "does not fit on the grid",
    ],
    [
      "two panels of one id",
      board({ panels: [panel(), panel({ gridPos: { x: 12, y: 0, w: 12, h: 8 } })] }),
      "has the id of",
    ],
    [
      "an undeclared variable",
      withExpr('rate(agents_cost_total{job=~"$ap"}[$__rate_interval])'),
      "uses the variable ap",
    ],
    [
      "an unused variable",
      withExpr("rate(agents_cost_total[$__rate_interval])"),
      "nothing uses the variable app",
    ],
    ["no PromQL", withExpr('sum(rate(agents_cost_total{job=~"$app"}[$__rate_interval])'), "is no PromQL"],
    ["a fixed window", withExpr('rate(agents_cost_total{job=~"$app"}[5m])'), "takes a rate over 5m"],
    ["a raw counter", withExpr('sum(agents_cost_total{job=~"$app"})'), "which only grows"],
    [
      "a fixed data source",
      withPanel({ datasource: { type: "prometheus", uid: "abc" } }),
      'names the data source "abc" itself',
    ],
    ["an editable board", board({ editable: true }), "it is editable"],
    ["inputs", board({ __inputs: [] }), "it has __inputs"],
    ["no shared crosshair", board({ graphTooltip: 0 }), "do not share a crosshair"],
  ])("sees %s", async (_, dashboard, what) => {
    expect(await said(dashboardLint, dashboard)).toContain(what);
  });
});

describe("dashboard-schema", () => {
  it("sees an option that the panel does not know", async () => {
    expect(await said(dashboardSchema, withPanel({ options: { footer: {} } }))).toContain("footer");
  });
});

describe("dashboard-links", () => {
  const link = (url: string) =>
    board({ links: [{ title: "there", url, keepTime: true, includeVars: true }] });

  it.each([
    ["a board that is not shipped", link("/d/two"), "a link leads to the dashboard two"],
    ["a variable that is not there", link("/d/one?var-agent=x"), "the variable agent, which it lacks"],
    ["a panel that is not there", link("/d/one?viewPanel=7"), "leads to panel 7 of one"],
    [
      "a link that drops the time",
      board({ links: [{ title: "there", url: "/d/one" }] }),
      "drops time or variables",
    ],
  ])("sees %s", async (_, dashboard, what) => {
    expect(await said(dashboardLinks, dashboard)).toContain(what);
  });
});

describe("names", () => {
  it.each([
    ["a metric", "rate(agents_costs_total[5m])", "asks for agents_costs_total, which nobody writes"],
    ["a label", 'rate(agents_cost_total{agent="a"}[5m])', "for the label agent, which it lacks"],
    [
      "a grouping",
      "sum by (agent) (rate(agents_cost_total[5m]))",
      "groups by agent, which nothing below it has",
    ],
    [
      "one of several metrics",
      '{__name__=~"agents_cost_total|agents_costs_total"}',
      "asks for agents_costs_total",
    ],
  ])("sees %s that nobody writes", async (_, expr, what) => {
    expect(await said(names, withExpr(expr))).toContain(what);
  });

  it("knows what a recording rule makes, and its labels", async () => {
    const rule =
      "groups: [{ rules: [{ record: 'a:b', expr: 'sum by (gen_ai_agent_name) (agents_health_score)' }] }]";
    const tree = (expr: string) => treeOf(withExpr(expr), { "collector/rules/a.yaml": rule });
    expect(await names.run(tree('a:b{gen_ai_agent_name="x"}'), fakeTools())).toEqual([]);
    expect(await names.run(tree('a:b{gen_ai_tool_name="x"}'), fakeTools())).toHaveLength(1);
  });

  it("sees an attribute of a configuration that nobody writes", async () => {
    const tree = treeOf(board(), {
      "collector/config.yaml": 'a: ["gen_ai.agent.name", "gen_ai.agent.nam"] # gen_ai.other',
    });
    const found = await names.run(tree, fakeTools());
    expect(found.map(({ what }) => what)).toEqual([
      "it names the attribute gen_ai.agent.nam, which nobody writes",
    ]);
  });
});

describe("metrics-shown", () => {
  it("wants every metric shown or listed with a reason, and not both", () => {
    const found = metricsNotShown(treeOf(board()), {
      "agents.cost": "it is somewhere else",
      "no.metric": "it is gone now",
    });
    const all = found.map(({ what }) => what);
    expect(all).toContain("agents.cost is listed and yet shown");
    expect(all).toContain("no.metric is no metric");
    expect(all).toContain("agents.health.score is on no dashboard");
    expect(all).not.toContain("agents.cost is on no dashboard");
  });
});

describe("generated", () => {
  it("sees a file that differs, one that is missing and one that nobody writes", () => {
    const shipped = new Map([
      ["grafana/dashboards/one.json", "edited"],
      ["grafana/dashboards/old.json", ""],
    ]);
    const found = differences(shipped, [
      ["grafana/dashboards/one.json", "written"],
      ["grafana/dashboards/two.json", ""],
    ]);
    expect(found.map(({ file, what }) => [file, what])).toEqual([
      ["grafana/dashboards/one.json", "it is not what the generator writes"],
      ["grafana/dashboards/two.json", "it is not what the generator writes"],
      ["grafana/dashboards/old.json", "no generator writes it"],
    ]);
  });
});

describe("queries", () => {
  const answering = (answers: (expr: string) => boolean) =>
    fakeTools({ answer: (expr) => (answers(expr) ? [sample({}, "1")] : []) });

  it("finds nothing where «All» and one single value return data", async () => {
    expect(
      await said(
        queries,
        board(),
        answering((expr) => !expr.includes("office")),
      ),
    ).toBe("");
  });

  it("sees a query that returns nothing", async () => {
    expect(
      await said(
        queries,
        board(),
        answering(() => false),
      ),
    ).toContain("returns nothing with «All»");
  });

  it("sees a label that no single value fits, which «All» hides", async () => {
    const found = await said(
      queries,
      board(),
      answering((expr) => expr.includes('".*"')),
    );
    expect(found).toContain("returns nothing for any single value of app");
    expect(found).not.toContain("«All»");
  });

  it("passes on what Prometheus remarks, once and without its numbers", async () => {
    const remark =
      "PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see x), from buckets 1 to 2";
    const remarking = fakeTools({
      answer: () => [sample({}, "1")],
      remarks: [remark, 'PromQL info: metric might not be a counter: "otelcol_x"'],
    });
    const found = await runCheck(queries, treeOf(board()), remarking);
    expect(found.findings.map(({ what }) => what)).toEqual([
      'panel "Cost" (1), query A: Prometheus remarks «input to histogram_quantile needed to be fixed for monotonicity»',
    ]);
  });

  it("says what Prometheus refuses", async () => {
    const refusing = fakeTools({
      answer: () => {
        throw new Error("many-to-many");
      },
    });
    expect(await said(queries, board(), refusing)).toContain("with «All» is refused: many-to-many");
  });
});
