import { parser } from "@prometheus-io/lezer-promql";
import { describe, expect, it } from "vitest";
import { METRICS } from "../../../grafana/src/metrics/catalogue.ts";
import * as collector from "../../../grafana/src/metrics/collector.ts";
import * as derived from "../../../grafana/src/metrics/derived.ts";
import { seriesOf } from "../../../grafana/src/metrics/prometheus-names.ts";
import { rulesFiles } from "../../../grafana/src/rules/files.ts";
import { section, strings, text, type Yaml, yaml } from "./files.ts";

const RECORDING = "collector/rules/agent-otel.recording.yaml";
const ALERTS = "collector/rules/agent-otel.alerts.yaml";
const GRAFANA = "grafana/provisioning/alerting/agent-otel.yaml";
const runbook = text("docs/runbook.md");

const groups = (file: string) => yaml(file)["groups"] as readonly (Yaml & { rules: readonly Yaml[] })[];
const rulesOf = (file: string) => groups(file).flatMap(({ rules }) => rules);
const recorded = rulesOf(RECORDING).map(({ record }) => String(record));
const alerts = rulesOf(ALERTS);
const grafana = rulesOf(GRAFANA);
const names = [...new Set(alerts.map(({ alert }) => String(alert)))];
const severity = (rule: Yaml) => String(section(rule, "labels")["severity"]);
const severitiesOf = (name: string) =>
  alerts
    .filter(({ alert }) => alert === name)
    .map(severity)
    .sort();

/** Metrics that an expression asks for. @throws where it is no PromQL. */
function metricsIn(expr: string): readonly string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expr}`);
      if (node.name !== "VectorSelector") return;
      const metric = node.node.getChild("Identifier");
      if (metric !== null) found.push(expr.slice(metric.from, metric.to));
    },
  });
  return found;
}

const KNOWN = new Set([
  ...METRICS.flatMap(seriesOf),
  ...Object.values(derived),
  ...Object.values(collector).flat(),
  ...recorded,
  "otelcol_receiver_refused_spans",
  "up",
]);

const unknownIn = (expr: string) => metricsIn(expr).filter((metric) => !KNOWN.has(metric));

describe("the generated rules", () => {
  it.each(rulesFiles())("%s is what the generator writes", (path, written) => {
    expect(text(path)).toBe(written);
  });

  it("ask for series that there are", () => {
    const asked = [...rulesOf(RECORDING), ...alerts].flatMap(({ expr }) => unknownIn(String(expr)));
    expect(asked).toEqual([]);
  });

  it("are called level:metric:operation where they record, and each once", () => {
    for (const name of recorded) expect(name).toMatch(/^agents:[a-z_]+(:[a-z0-9]+)?$/);
    expect(new Set(recorded).size).toBe(recorded.length);
  });

  it("are seen by every job that Prometheus scrapes", () => {
    const scraped = (yaml("collector/prometheus.yaml")["scrape_configs"] as readonly Yaml[]).map((job) =>
      String(job["job_name"]),
    );
    expect([...collector.SCRAPE_JOBS]).toEqual(expect.arrayContaining(scraped));
  });
});

describe.each(names)("%s", (name) => {
  const begin = runbook.indexOf(`\n## ${name}\n`);
  const chapter = runbook.slice(begin, runbook.indexOf("\n## ", begin + 1));

  it("has a chapter of the runbook that says all that is asked at night", () => {
    expect(begin).toBeGreaterThan(0);
    const asked = [
      "What it means.",
      "What users feel.",
      "Look.",
      "In the next five minutes.",
      "Afterwards.",
      "False alarm.",
    ];
    for (const question of asked) expect(chapter).toContain(`**${question}**`);
  });

  it("is as severe there as in the rules", () => {
    const severities = severitiesOf(name).join(", ");
    const [row] = runbook.match(new RegExp(`^\\| \\[${name}\\]\\(#${name.toLowerCase()}\\) .*$`, "m")) ?? [];
    expect(row?.split("|")[2]?.trim()).toBe(severities);
    for (const severity of severitiesOf(name)) expect(chapter).toMatch(new RegExp(`(^|\\s)${severity}: `));
  });

  it("has one rule of each severity, with links to that chapter and to a dashboard", () => {
    expect(new Set(severitiesOf(name)).size).toBe(severitiesOf(name).length);
    for (const rule of alerts.filter(({ alert }) => alert === name)) {
      expect(["critical", "warning"]).toContain(severity(rule));
      const annotations = section(rule, "annotations");
      expect(annotations["runbook_url"]).toBe(`docs/runbook.md#${name.toLowerCase()}`);
      expect(annotations["dashboard_url"]).toMatch(
        /^http:\/\/127\.0\.0\.1:3000\/d\/agent-otel-(overview|agent|cost|resilience|telemetry)(\?|$)/,
      );
      expect(String(annotations["summary"]).length).toBeGreaterThan(20);
      expect(annotations["description"]).toMatch(/\{\{ \$value \| humanize|\d/);
    }
  });
});

describe("docs/runbook.md", () => {
  it("has no chapter of an alert that there is not", () => {
    const chapters = [...runbook.matchAll(/^## (Agent\w+)$/gm)].map(([, name]) => name!);
    expect(chapters.sort()).toEqual([...names].sort());
  });

  it("asks for series that there are, in PromQL", () => {
    const queries = [...runbook.matchAll(/```promql\n([\s\S]*?)```/g)].flatMap(([, lines]) =>
      lines!.trim().split("\n"),
    );
    expect(queries.length).toBeGreaterThan(15);
    expect(queries.flatMap(unknownIn)).toEqual([]);
  });

  it("leads only to chapters that it has", () => {
    const anchors = new Set(
      [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(" ", "-")),
    );
    for (const [, anchor] of runbook.matchAll(/\]\(#([^)]+)\)/g)) expect([...anchors]).toContain(anchor);
  });

  it("names commands of agent-otel", () => {
    const commands = new Set([...text("docs/cli.md").matchAll(/^## ([a-z-]+)$/gm)].map(([, name]) => name));
    for (const [, name] of runbook.matchAll(/npx agent-otel ([a-z-]+)/g))
      expect([...commands]).toContain(name);
  });
});

describe("Grafana's alerts", () => {
  const model = (rule: Yaml, refId: string) => {
    const query = (rule["data"] as readonly Yaml[]).find((each) => each["refId"] === refId);
    return section(query, "model");
  };
  /** What Grafana makes of `$` in a label: a variable of the environment, of which there is none, or `$` where it is doubled. */
  const expanded = (label: unknown) =>
    String(label).replaceAll(/\$(\$|\w+)/g, (_, what) => (what === "$" ? "$" : ""));
  const pairs = alerts.map((rule, i) => [`${rule["alert"]} ${severity(rule)}`, rule, grafana[i]!] as const);

  it("are as many, in the same groups", () => {
    const layout = (file: string) =>
      groups(file).map(({ name, interval, rules }) => [name, interval, rules.length]);
    expect(layout(GRAFANA)).toEqual(layout(ALERTS));
    expect(groups(GRAFANA).every(({ folder, orgId }) => folder === "agent-otel" && orgId === 1)).toBe(true);
  });

  it.each(pairs)("%s is the same in both", (_, prometheus, rule) => {
    expect(String(rule["title"]).split(" ")[0]).toBe(prometheus["alert"]);
    expect(model(rule, "A")).toMatchObject({ expr: prometheus["expr"], instant: true, range: false });
    expect(rule["for"]).toBe(prometheus["for"]);
    const labels = Object.entries(section(rule, "labels")).map(([name, label]) => [name, expanded(label)]);
    expect(Object.fromEntries(labels)).toEqual(section(prometheus, "labels"));
    const annotations = Object.entries(section(prometheus, "annotations")).map(([name, value]) => [
      name,
      String(value).replaceAll("$value", "$values.A.Value"),
    ]);
    expect(section(rule, "annotations")).toEqual(Object.fromEntries(annotations));
  });

  it.each(pairs)("%s fires on whatever the expression returns, and not on nothing", (_, __, rule) => {
    expect(rule).toMatchObject({ condition: "C", noDataState: "OK", execErrState: "Error", isPaused: false });
    const uids = (rule["data"] as readonly Yaml[]).map(({ datasourceUid }) => datasourceUid);
    expect(uids).toEqual(["agent-otel-prometheus", "__expr__", "__expr__"]);
    expect(model(rule, "B")).toMatchObject({
      type: "math",
      expression: "is_number($A) || is_nan($A) || is_inf($A)",
    });
    expect(model(rule, "C")).toMatchObject({
      type: "threshold",
      expression: "B",
      conditions: [{ evaluator: { type: "gt", params: [0] } }],
    });
  });

  it("have nothing that Grafana would take for a variable of the environment", () => {
    for (const rule of grafana) {
      for (const value of Object.values(section(rule, "annotations"))) expect(value).not.toContain("${");
    }
  });

  it("have uids and titles of their own that Grafana takes", () => {
    const uids = grafana.map(({ uid }) => String(uid));
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
    const titles = grafana.map(({ title }) => String(title));
    expect(new Set(titles).size).toBe(titles.length);
    expect(strings(uids)).toContain("ao-healthlow-warning");
  });

  it("are evaluated every ten seconds or a multiple of it, as Grafana's scheduler wants", () => {
    for (const { interval } of groups(GRAFANA))
      expect(Number(String(interval).replace("s", "")) % 10).toBe(0);
  });
});
