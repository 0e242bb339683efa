import type { Findings } from "../../check.ts";
import { at, type Data, word } from "../../data.ts";
import type { Dashboard } from "../../grafana/dashboard.ts";
import { variablesIn } from "../../grafana/interpolate.ts";
import { hasAll, queryText, sourceOf } from "../../grafana/variables.ts";
import { parsePromql } from "../../promql/tree.ts";
import { withPlaceholders } from "./placeholders.ts";

const ON_TIME_RANGE = 2;

export function lintVariables(dashboard: Dashboard, findings: Findings): void {
  const { variables } = dashboard;
  const names = variables.map((variable) => word(variable, "name"));
  const sources = variables.filter(
    (one) => word(one, "type") === "datasource" && word(one, "query") === "prometheus",
  );
  findings.expect(
    sources.length === 1 && word(sources[0], "name") === "datasource",
    "there is not exactly one variable for Prometheus, called datasource",
    "add it, so that the board works with any Prometheus",
  );
  for (const name of names) {
    findings.expect(
      names.indexOf(name) === names.lastIndexOf(name),
      `two variables are called ${name}`,
      "rename one",
    );
  }
  for (const variable of variables) lintVariable(variable, names, findings);
  lintUse(dashboard, names, findings);
}

function lintVariable(variable: Data, names: readonly string[], findings: Findings): void {
  const name = word(variable, "name");
  const expect = (ok: boolean, what: string, mend: string) =>
    findings.expect(ok, `variable ${name} ${what}`, mend);
  const source = sourceOf(variable);
  expect(
    source.kind !== "unknown",
    `asks for ${JSON.stringify(queryText(variable))}`,
    "use label_values or query_result",
  );
  if (word(variable, "type") !== "query") return;
  expect(
    word(variable, "datasource", "uid") === `\${datasource}`,
    "does not ask the data source of the board",
    `name \${datasource}`,
  );
  expect(
    at(variable, "refresh") === ON_TIME_RANGE,
    "is not asked for again when the time range changes",
    "set refresh to 2",
  );
  expect(
    !hasAll(variable) || word(variable, "allValue") !== "",
    "has «All» without allValue: a list of thousands",
    "set allValue",
  );
  const expr = source.kind === "labels" ? source.selector : source.kind === "query" ? source.expr : undefined;
  if (expr === undefined) return;
  expect(
    parsePromql(withPlaceholders(expr)) !== undefined,
    `asks what is no PromQL: ${expr}`,
    "mend the expression",
  );
  for (const used of variablesIn(expr)) {
    const before = names.indexOf(used) !== -1 && names.indexOf(used) < names.indexOf(name);
    expect(before, `needs the variable ${used}, which is not before it`, "declare it, in that order");
  }
}

/** Wherever Grafana replaces variables: queries, titles, links. */
function lintUse({ json }: Dashboard, names: readonly string[], findings: Findings): void {
  const { templating: _, ...rest } = json;
  for (const used of variablesIn(unescaped(rest))) {
    findings.expect(
      names.includes(used),
      `it uses the variable ${used}, which it does not declare`,
      "declare it",
    );
  }
  const text = JSON.stringify(json);
  for (const name of names) {
    const everywhere = new RegExp(`\\$\\{?${name}\\b|var-${name}\\b`);
    findings.expect(everywhere.test(text), `nothing uses the variable ${name}`, "take it out");
  }
}

/** Group references of `label_replace` are no variables; they are numbers, or stand in braces as numbers. */
const unescaped = (value: unknown): string => JSON.stringify(value).replaceAll(/\\"/g, '"');
