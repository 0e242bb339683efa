import { costRules } from "./recording/cost-rules.ts";
import { edgeRules } from "./recording/edge-rules.ts";
import { healthRules } from "./recording/health-rules.ts";
import { burnRules, redRules } from "./recording/red-rules.ts";
import type { RecordingRule, RuleGroup } from "./rule.ts";
import { type RuleOptions, ruleSettings } from "./rule-options.ts";

/** Series that dashboards and alerts share. What is asked for by another rule stands before it in the same group. */
export function recordingRules(options: RuleOptions = {}): readonly RuleGroup<RecordingRule>[] {
  const settings = ruleSettings(options);
  const { time } = settings;
  const interval = time.wait("30s");
  return [
    { name: "agent-otel.agents", interval, rules: [...redRules(time), ...healthRules(settings)] },
    // Hours of samples each time: half as often.
    { name: "agent-otel.burn", interval: time.wait("1m"), rules: burnRules(time) },
    { name: "agent-otel.graph", interval, rules: edgeRules(time) },
    { name: "agent-otel.cost", interval, rules: costRules(time) },
  ];
}
