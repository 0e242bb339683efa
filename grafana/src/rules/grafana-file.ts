import { stringify } from "yaml";
import { annotationsOf, labelsOf } from "./alert-labels.ts";
import type { AlertRule, RuleGroup } from "./rule.ts";
import { type RuleOptions, type RuleSettings, ruleSettings } from "./rule-options.ts";

const GENERATED = [
  "# The alerts of collector/rules/agent-otel.alerts.yaml, for Grafana to evaluate: see docs/runbook.md. Have one of the two evaluate,",
  "# or everything fires twice. Written by `node grafana/src/generate.ts` from grafana/src/rules. Edit those.",
  "",
].join("\n");

const PROMETHEUS = "agent-otel-prometheus";
const FOLDER = "agent-otel";
/** Seconds: Grafana wants a range also where a query is of one moment. */
const LOOK_BACK = { from: 600, to: 0 };
const EXPRESSION = { type: "__expr__", uid: "__expr__" };

/** A file for Grafana's provisioning of alert rules. @param options Of them the addresses in annotations. */
export function grafanaAlertsFile(
  groups: readonly RuleGroup<AlertRule>[],
  options: RuleOptions = {},
): string {
  const settings = ruleSettings(options);
  const all = groups.map(({ name, interval, rules }) => ({
    orgId: 1,
    name,
    folder: FOLDER,
    interval,
    rules: rules.map((rule) => grafanaRule(rule, rules, settings)),
  }));
  return GENERATED + stringify({ apiVersion: 1, groups: all }, { lineWidth: 0 });
}

/** In the form of Grafana's own importer of Prometheus rules: whatever the expression returns is wrong, and nothing is well. */
function grafanaRule(rule: AlertRule, group: readonly AlertRule[], settings: RuleSettings): object {
  const isTwin = group.some((other) => other !== rule && other.alert === rule.alert);
  return {
    uid: grafanaUid(rule),
    // Titles are unique in a folder.
    title: isTwin ? `${rule.alert} (${rule.severity})` : rule.alert,
    condition: "C",
    data: [
      query("A", PROMETHEUS, {
        datasource: { type: "prometheus", uid: PROMETHEUS },
        expr: rule.expr,
        instant: true,
        range: false,
      }),
      query("B", EXPRESSION.uid, {
        datasource: EXPRESSION,
        type: "math",
        expression: "is_number($A) || is_nan($A) || is_inf($A)",
      }),
      query("C", EXPRESSION.uid, {
        datasource: EXPRESSION,
        type: "threshold",
        expression: "B",
        conditions: [{ evaluator: { type: "gt", params: [0] } }],
      }),
    ],
    noDataState: "OK",
    execErrState: "Error",
    for: rule.for,
    // As Prometheus: what the expression no longer returns has ended.
    missing_series_evals_to_resolve: 1,
    labels: mapped(labelsOf(rule), inLabel),
    annotations: mapped(annotationsOf(rule, settings), inAnnotation),
    isPaused: false,
  };
}

/** The same from one release to the next, or Grafana would keep the old rule beside the new one. At most 40 characters. */
export const grafanaUid = ({ alert, severity }: AlertRule): string =>
  `ao-${alert.replace(/^Agent/, "").toLowerCase()}-${severity}`;

const query = (refId: string, datasourceUid: string, model: object) => ({
  refId,
  relativeTimeRange: LOOK_BACK,
  datasourceUid,
  model: { refId, ...model },
});

/** There `$value` is a text of all values; the number is that of the query. */
const inAnnotation = (text: string): string => text.replaceAll("$value", "$values.A.Value");

/** Grafana expands `$x` in labels of its files as variables of the environment, and reads `$$` as `$`. */
const inLabel = (text: string): string => inAnnotation(text).replaceAll("$", "$$$$");

const mapped = (texts: Readonly<Record<string, string>>, map: (text: string) => string) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, map(text)]));
