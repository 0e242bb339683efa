import { stringify } from "yaml";
import { annotationsOf, labelsOf } from "./alert-labels.ts";
import type { AlertRule, RecordingRule, RuleGroup } from "./rule.ts";
import { type RuleOptions, ruleSettings } from "./rule-options.ts";

const GENERATED = "# Written by `node grafana/src/generate.ts` from grafana/src/rules. Edit those.\n";

/** A file for `rule_files` of Prometheus. */
export const recordingFile = (groups: readonly RuleGroup<RecordingRule>[]): string =>
  file(groups, (rule) => rule);

/** @param options Of them the addresses in annotations. */
export function alertsFile(groups: readonly RuleGroup<AlertRule>[], options: RuleOptions = {}): string {
  const settings = ruleSettings(options);
  return file(groups, (rule) => ({
    alert: rule.alert,
    expr: rule.expr,
    for: rule.for,
    labels: labelsOf(rule),
    annotations: annotationsOf(rule, settings),
  }));
}

function file<R>(groups: readonly RuleGroup<R>[], written: (rule: R) => object): string {
  const all = groups.map(({ name, interval, rules }) => ({ name, interval, rules: rules.map(written) }));
  return GENERATED + stringify({ groups: all }, { lineWidth: 0 });
}
