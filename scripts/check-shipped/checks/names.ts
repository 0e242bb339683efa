import { METRICS } from "../../../grafana/src/metrics/catalogue.ts";
import { seriesOf } from "../../../grafana/src/metrics/prometheus-names.ts";
import * as semconv from "../../../src/telemetry/semconv.ts";
import { type Check, type Finding, Findings } from "../check.ts";
import { word } from "../data.ts";
import { dashboardsOf, queriesOf } from "../grafana/dashboard.ts";
import { sourceOf } from "../grafana/variables.ts";
import { type KnownSeries, knownSeries, OF_ALL } from "../promql/known-series.ts";
import { parsePromql } from "../promql/tree.ts";
import { groupingsIn, labelsMadeIn, type Selector, selectorsIn } from "../promql/uses.ts";
import { rulesOf } from "../rules.ts";
import { filesOf, type Shipped } from "../shipped.ts";
import { withPlaceholders } from "./lint/placeholders.ts";

const MEND = "take the name from semconv.ts, or add it there and to grafana/src/metrics";

/** Names of metrics, labels and attributes, from one end to the other. */
export const names: Check = {
  name: "names",
  holds: "every metric, label and attribute that is named anywhere is one that is written",
  run(shipped) {
    const rules = rulesOf(shipped);
    const known = knownSeries(rules);
    return [
      ...dashboardsOf(shipped).flatMap((dashboard) => {
        const findings = new Findings(dashboard.file);
        for (const { where, expr } of queriesOf(dashboard)) checkExpression(expr, where, known, findings);
        for (const variable of dashboard.variables) {
          const source = sourceOf(variable);
          const expr =
            source.kind === "labels" ? source.selector : source.kind === "query" ? source.expr : undefined;
          if (expr !== undefined)
            checkExpression(expr, `variable ${word(variable, "name")}`, known, findings);
        }
        return findings.all;
      }),
      ...rules.flatMap((rule) => {
        const findings = new Findings(rule.file);
        checkExpression(rule.expr, rule.where, known, findings);
        return findings.all;
      }),
      ...attributesOf(shipped),
    ];
  },
};

function checkExpression(expr: string, where: string, known: KnownSeries, findings: Findings): void {
  const parsed = parsePromql(withPlaceholders(expr));
  findings.expect(parsed !== undefined, `${where} is no PromQL: ${expr}`, "mend the expression");
  if (parsed === undefined) return;
  const labelsOf = (selector: Selector): ReadonlySet<string> =>
    new Set([...OF_ALL, ...seriesIn(selector).flatMap((name) => [...(known(name) ?? [])])]);
  for (const selector of selectorsIn(parsed)) {
    for (const name of seriesIn(selector)) {
      findings.expect(known(name) !== undefined, `${where} asks for ${name}, which nobody writes`, MEND);
    }
    const labels = labelsOf(selector);
    for (const { label } of seriesIn(selector).length === 0 ? [] : selector.matchers) {
      findings.expect(
        labels.has(label),
        `${where} asks ${seriesIn(selector).join(", ")} for the label ${label}, which it lacks`,
        MEND,
      );
    }
  }
  for (const { labels, below } of groupingsIn(parsed)) {
    const made = new Set([
      ...labelsMadeIn(below),
      ...selectorsIn(below).flatMap((selector) => [...labelsOf(selector)]),
    ]);
    for (const one of labels)
      findings.expect(made.has(one), `${where} groups by ${one}, which nothing below it has`, MEND);
  }
}

/** `a{…}` or `{__name__=~"a|b"}`; none where it is a pattern. */
function seriesIn({ metric, matchers }: Selector): readonly string[] {
  if (metric !== "") return [metric];
  const names = matchers.find(({ label }) => label === "__name__")?.value ?? "";
  return /^[\w:|]+$/.test(names) ? names.split("|") : [];
}

/** Attributes as configurations and Kubernetes files spell them, with dots. */
function attributesOf(shipped: Shipped): readonly Finding[] {
  const known = new Set<unknown>([...Object.values(semconv), ...INTERNAL]);
  return filesOf(shipped, /^(collector|deploy)\/.*\.ya?ml$/).flatMap(([file, text]) => {
    const findings = new Findings(file);
    const used = new Set(
      text
        .replaceAll(/#.*$/gm, "")
        .match(/(?<=["'\s[])(?:gen_ai|agents)\.[a-z_]+(?:\.[a-z_]+)*(?=["'\s\],}])/g),
    );
    for (const name of used)
      findings.expect(known.has(name), `it names the attribute ${name}, which nobody writes`, MEND);
    return findings.all;
  });
}

/** Marks that the collector sets and takes away again. */
const INTERNAL = ["agents.service", "agents.edge", "agents.resource"];

/** A metric is shown somewhere, or there is a reason why not. */
export const shown: Check = {
  name: "metrics-shown",
  holds: "every metric of the package is on a dashboard or in a rule, or listed as not shown with the reason",
  async run(shipped) {
    const { NOT_SHOWN } = await import("../../../grafana/src/dashboards/not-shown.ts");
    return metricsNotShown(shipped, NOT_SHOWN);
  },
};

/** @param notShown Name of the metric, as in semconv.ts → why it is on no dashboard. */
export function metricsNotShown(
  shipped: Shipped,
  notShown: Readonly<Record<string, string>>,
): readonly Finding[] {
  const dashboards = dashboardsOf(shipped);
  const findings = new Findings("grafana/src/dashboards/not-shown.ts");
  const asked = new Set(
    [...dashboards.flatMap(queriesOf), ...usedRules(shipped)].flatMap(({ expr }) => metricsIn(expr)),
  );
  for (const metric of METRICS) {
    const isShown = seriesOf(metric).some((series) => asked.has(series));
    const listed = Object.hasOwn(notShown, metric.name);
    findings.expect(
      isShown || listed,
      `${metric.name} is on no dashboard`,
      "show it, or list it with the reason",
    );
    findings.expect(!isShown || !listed, `${metric.name} is listed and yet shown`, "take it off the list");
  }
  const known = new Set(METRICS.map(({ name }) => name));
  for (const [name, why] of Object.entries(notShown)) {
    findings.expect(known.has(name), `${name} is no metric`, "take it off the list");
    findings.expect(why.length > 10, `${name} is not shown, without a reason`, "say why");
  }
  return findings.all;
}

/** A dashboard that shows what a rule records shows what that is made of. */
function usedRules(shipped: Shipped): readonly { readonly expr: string }[] {
  const rules = rulesOf(shipped).filter(({ record }) => record !== "");
  const used = new Set<string>();
  const visit = (expr: string): void => {
    for (const rule of rules.filter(({ record }) => !used.has(record) && metricsIn(expr).includes(record))) {
      used.add(rule.record);
      visit(rule.expr);
    }
  };
  for (const { expr } of dashboardsOf(shipped).flatMap(queriesOf)) visit(expr);
  return rules.filter(({ record }) => used.has(record));
}

function metricsIn(expr: string): readonly string[] {
  const parsed = parsePromql(withPlaceholders(expr));
  return parsed === undefined ? [] : selectorsIn(parsed).flatMap(seriesIn);
}
