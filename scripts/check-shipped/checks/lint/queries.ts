import type { Findings } from "../../check.ts";
import { at, word } from "../../data.ts";
import { type Dashboard, isPrometheus, type Query, queriesOf, whereIs } from "../../grafana/dashboard.ts";
import { parsePromql } from "../../promql/tree.ts";
import { rangesIn, rawSelectorsIn } from "../../promql/uses.ts";
import { withPlaceholders } from "./placeholders.ts";

const RATES = new Set(["rate", "irate", "increase"]);
const COUNTER = /_(total|count|sum|bucket)$/;
/** Grafana's own; a range written in numbers is right at one zoom only, unless it is the question itself («of the last hour»). */
const FITTING = /\$__(rate_interval|range)|\$\{__(rate_interval|range)/;

export function lintQueries(dashboard: Dashboard, findings: Findings): void {
  for (const panel of dashboard.panels) {
    const refIds = panel.targets.map((target) => word(target, "refId"));
    const own = new Set(refIds).size === refIds.length && !refIds.includes("");
    findings.expect(
      own,
      `${whereIs(panel)} has queries without a refId of their own`,
      "give each another one",
    );
    for (const target of [...(panel.targets.length > 0 ? [panel.json] : []), ...panel.targets]) {
      const uid = word(target, "datasource", "uid");
      findings.expect(
        /^\$\{\w+\}$/.test(uid) || at(target, "datasource") === undefined,
        `${whereIs(panel)} names the data source ${JSON.stringify(uid)} itself`,
        `name a variable, as \${datasource}`,
      );
    }
  }
  for (const query of queriesOf(dashboard)) lintQuery(query, findings);
  for (const annotation of dashboard.annotations.filter(isPrometheus)) {
    const templated = word(annotation, "datasource", "uid") === `\${datasource}`;
    findings.expect(
      templated,
      `annotation ${word(annotation, "name")} names a data source itself`,
      `name \${datasource}`,
    );
  }
}

function lintQuery({ where, expr, target, panel }: Query, findings: Findings): void {
  const expect = (ok: boolean, what: string, mend: string) => findings.expect(ok, `${where} ${what}`, mend);
  expect(expr.trim() !== "", "is empty", "take it out");
  if (expr.trim() === "") return;
  const parsed = parsePromql(withPlaceholders(expr));
  expect(parsed !== undefined, `is no PromQL: ${expr}`, "mend the expression");
  if (parsed === undefined) return;
  for (const { metric } of rawSelectorsIn(parsed)) {
    expect(
      !COUNTER.test(metric) || metric === "",
      `shows the counter ${metric} as it stands, which only grows`,
      "take rate or increase of it",
    );
  }
  const graph = panel !== undefined && at(target, "instant") !== true;
  for (const fixed of graph ? rangesOfRates(expr) : []) {
    expect(FITTING.test(fixed), `takes a rate over ${fixed}, whatever the zoom`, "use $__rate_interval");
  }
  if (panel?.type === "table")
    expect(at(target, "format") === "table", "of a table has another format", "set format to table");
}

/** As they are written, with Grafana's variables. */
function rangesOfRates(expr: string): readonly string[] {
  const parsed = parsePromql(withPlaceholders(expr));
  if (parsed === undefined || !rangesIn(parsed).some(({ fn }) => RATES.has(fn))) return [];
  return [...expr.matchAll(/\b(?:rate|irate|increase)\([^[]*\[([^\]:]+)\]/g)].map(([, range]) => range!);
}
