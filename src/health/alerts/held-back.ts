import { type Alert, type AlertSeverity, alertKey } from "./alert.ts";

/** Its name is none of a rule. */
const RULE = "held_back";
const MOST_RULES = 10;
const WORST_FIRST: readonly AlertSeverity[] = ["critical", "error", "warning", "info"];

/** The key of all summaries for one channel. */
export function heldBackKey(channel: string): string {
  return alertKey(RULE, channel);
}

/**
 * One message for alerts that were too many.
 *
 * @param more Those that there was no room for either, by rule.
 */
export function heldBack(
  { channel, service, at }: { readonly channel: string; readonly service: string; readonly at: Date },
  alerts: readonly Alert[],
  more: ReadonlyMap<string, number>,
): Alert {
  const byRule = new Map(more);
  for (const { rule } of alerts) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  const counts = [...byRule].sort(([, a], [, b]) => b - a).slice(0, MOST_RULES);
  const total = [...byRule.values()].reduce((sum, count) => sum + count, 0);
  const times = alerts.map(({ since }) => since.getTime());
  return {
    key: heldBackKey(channel),
    state: "firing",
    rule: RULE,
    subject: channel,
    severity: WORST_FIRST.find((each) => alerts.some(({ severity }) => severity === each)) ?? "warning",
    summary: `${total} more alerts: ${counts.map(([rule, count]) => `${rule} ${count}`).join(", ")}`,
    since: new Date(Math.min(...times, at.getTime())),
    at,
    count: total,
    facts: Object.fromEntries(counts),
    traceId: undefined,
    service,
  };
}
