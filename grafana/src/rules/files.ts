import type { GeneratedFile } from "../generated-file.ts";
import { alertRules } from "./alert-rules.ts";
import { grafanaAlertsFile } from "./grafana-file.ts";
import { alertsFile, recordingFile } from "./prometheus-file.ts";
import { recordingRules } from "./recording-rules.ts";
import type { RuleOptions } from "./rule-options.ts";

/** The rules of Prometheus, and the same alerts for Grafana. */
export function rulesFiles(options: RuleOptions = {}): readonly GeneratedFile[] {
  const alerts = alertRules(options);
  return [
    ["collector/rules/agent-otel.recording.yaml", recordingFile(recordingRules(options))],
    ["collector/rules/agent-otel.alerts.yaml", alertsFile(alerts, options)],
    ["grafana/provisioning/alerting/agent-otel.yaml", grafanaAlertsFile(alerts, options)],
  ];
}
