import { agentAlerts } from "./alerts/agent-alerts.ts";
import { collectorAlerts } from "./alerts/collector-alerts.ts";
import { resilienceAlerts } from "./alerts/resilience-alerts.ts";
import { spendAlerts } from "./alerts/spend-alerts.ts";
import { telemetryAlerts } from "./alerts/telemetry-alerts.ts";
import type { AlertRule, RuleGroup } from "./rule.ts";
import { type RuleOptions, ruleSettings } from "./rule-options.ts";

/** What somebody must know of. */
export function alertRules(options: RuleOptions = {}): readonly RuleGroup<AlertRule>[] {
  const settings = ruleSettings(options);
  const interval = settings.time.wait("30s");
  return [
    { name: "agent-otel.agents", interval, rules: agentAlerts(settings) },
    { name: "agent-otel.resilience", interval, rules: resilienceAlerts(settings) },
    { name: "agent-otel.spend", interval, rules: spendAlerts(settings) },
    { name: "agent-otel.telemetry", interval, rules: telemetryAlerts(settings) },
    { name: "agent-otel.collector", interval, rules: collectorAlerts(settings) },
  ];
}
