import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../metrics/derived.ts";
import { label } from "../metrics/prometheus-names.ts";
import type { AlertRule } from "./rule.ts";
import type { RuleSettings } from "./rule-options.ts";

const AGENT = label(names.ATTR_AGENT_NAME);

/** `agent` under that short name, as Alertmanager groups and silences by it. */
export function labelsOf({ severity, ofAgent = false }: AlertRule): Readonly<Record<string, string>> {
  return { severity, ...(ofAgent && { agent: `{{ $labels.${AGENT} }}` }) };
}

/** Texts and links. The anchor is the heading of the section in docs/runbook.md, as GitHub makes anchors. */
export function annotationsOf(
  { alert, summary, description, board, ofApp = true, ofAgent = false }: AlertRule,
  { runbook, grafana }: Pick<RuleSettings, "runbook" | "grafana">,
): Readonly<Record<string, string>> {
  const variable = (name: string, from: string) => `var-${name}={{ $labels.${from} | urlquery }}`;
  const variables = [
    ...(ofApp ? [variable("app", LABEL_APP)] : []),
    ...(ofAgent ? [variable("agent", AGENT)] : []),
  ];
  return {
    summary,
    description,
    runbook_url: `${runbook}#${alert.toLowerCase()}`,
    dashboard_url: `${grafana}/d/${board}${variables.length > 0 ? `?${variables.join("&")}` : ""}`,
  };
}
