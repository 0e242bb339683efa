import { type Check, type Finding, Findings } from "../check.ts";
import { section, word } from "../data.ts";
import { dashboardsOf } from "../grafana/dashboard.ts";
import { knownSeries } from "../promql/known-series.ts";
import { parsePromql } from "../promql/tree.ts";
import { groupingsIn, selectorsIn } from "../promql/uses.ts";
import { type Rule, rulesOf } from "../rules.ts";
import { type Shipped, textOf } from "../shipped.ts";

const RUNBOOK = "docs/runbook.md";
const SEVERITIES = ["critical", "warning"];

/** Whoever is woken must know what it is, how bad it is, and what to do. */
export const alerts: Check = {
  name: "alerts",
  holds:
    "every alert has severity, summary, description, a section of the runbook and a dashboard that exists",
  run: (shipped) => {
    const rules = rulesOf(shipped);
    const anchors = shipped.has(RUNBOOK) ? anchorsOf(textOf(shipped, RUNBOOK)) : new Set<string>();
    const uids = new Map(
      dashboardsOf(shipped).map((one) => [one.uid, one.variables.map((variable) => word(variable, "name"))]),
    );
    const known = knownSeries(rules);
    const found = rules
      .filter(({ alert }) => alert !== "")
      .flatMap((rule) => checkAlert(rule, anchors, uids, known));
    return [...found, ...unused(shipped, rules), ...unneeded(rules, anchors)];
  },
};

/** As GitHub makes them of headings. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = markdown.match(/^#+ .*$/gm) ?? [];
  const anchor = (heading: string) =>
    heading
      .replace(/^#+ /, "")
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .trim()
      .replaceAll(" ", "-");
  return new Set(headings.map(anchor));
}

function checkAlert(
  { file, where, json, alert, expr }: Rule,
  anchors: ReadonlySet<string>,
  uids: ReadonlyMap<string, readonly string[]>,
  known: ReturnType<typeof knownSeries>,
): readonly Finding[] {
  const findings = new Findings(file);
  const expect = (ok: boolean, what: string, mend: string) => findings.expect(ok, `${where} ${what}`, mend);
  const severity = word(json, "labels", "severity");
  expect(
    SEVERITIES.includes(severity),
    `has the severity ${JSON.stringify(severity)}`,
    `take ${SEVERITIES.join(" or ")}`,
  );
  for (const name of ["summary", "description"]) {
    expect(
      word(json, "annotations", name).length > 15,
      `has no ${name}`,
      "say what is wrong, with its numbers",
    );
  }
  const anchor = /^docs\/runbook\.md#([\w-]+)$/.exec(word(json, "annotations", "runbook_url"))?.[1];
  expect(anchor === alert.toLowerCase(), "does not name its section of docs/runbook.md", "set runbook_url");
  expect(
    anchor === undefined || anchors.has(anchor),
    `has no section ${anchor} in docs/runbook.md`,
    "write it",
  );
  const [, uid = "", words = ""] =
    /\/d\/([\w-]+)(?:\?(.*))?$/s.exec(word(json, "annotations", "dashboard_url")) ?? [];
  expect(
    uids.has(uid),
    `leads to the dashboard ${JSON.stringify(uid)}, which is not shipped`,
    "set dashboard_url",
  );
  for (const [, variable = ""] of words.matchAll(/\bvar-(\w+)=/g)) {
    expect(
      uids.get(uid)?.includes(variable) !== false,
      `gives ${uid} the variable ${variable}, which it lacks`,
      "mend dashboard_url",
    );
  }
  const parsed = parsePromql(expr);
  const labels = new Set(
    parsed === undefined
      ? []
      : [
          ...selectorsIn(parsed).flatMap(({ metric }) => [...(known(metric) ?? [])]),
          ...groupingsIn(parsed).flatMap((one) => one.labels),
        ],
  );
  const text = JSON.stringify([section(json, "annotations"), section(json, "labels")]);
  for (const [, label = ""] of text.matchAll(/\$labels\.(\w+)/g)) {
    expect(
      labels.has(label),
      `writes {{ $labels.${label} }}, which its expression has not`,
      "keep the label, or leave it out",
    );
  }
  return findings.all;
}

/** A rule that nobody asks for, and no document offers, costs and tells nothing. Names with `:` are of recording rules. */
function unused(shipped: Shipped, rules: readonly Rule[]): readonly Finding[] {
  const everything = [
    ...rules.map(({ expr }) => expr),
    ...[...shipped].filter(([path]) => /^(grafana\/dashboards|docs)\//.test(path)).map(([, text]) => text),
  ].join("\n");
  const names = new Set(everything.match(/\b[a-z_]+:[a-z_]+(?::\w+)?\b/g));
  return rules
    .filter(({ record }) => record !== "" && !names.has(record))
    .map(({ file, record }) => ({
      file,
      what: `nothing asks for what the rule ${record} records`,
      mend: "show it, name it in docs, or take it out",
    }));
}

/** A section without an alert is about one that is gone. */
function unneeded(rules: readonly Rule[], anchors: ReadonlySet<string>): readonly Finding[] {
  const names = new Set(rules.map(({ alert }) => alert.toLowerCase()));
  return [...anchors]
    .filter((anchor) => /^agent[a-z]+$/.test(anchor) && !names.has(anchor))
    .map((anchor) => ({
      file: RUNBOOK,
      what: `the section ${anchor} belongs to no alert`,
      mend: "take it out",
    }));
}
