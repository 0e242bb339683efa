import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP, LABEL_INSTANCE } from "../../metrics/derived.ts";
import { label, series } from "../../metrics/prometheus-names.ts";
import { maxBy, sumBy } from "../../queries/promql.ts";
import { countedWithin } from "../counted-within.ts";
import type { AlertRule } from "../rule.ts";
import type { RuleSettings } from "../rule-options.ts";

const BREAKER = label(names.ATTR_BREAKER_NAME);
const QUEUE = label(names.ATTR_DEAD_LETTER_QUEUE);

/** Breakers, dead letters and the ledger. */
export function resilienceAlerts({ time }: RuleSettings): readonly AlertRule[] {
  // A share of the time: a breaker that tries the dependency every 30 s is half open for moments in between.
  const open = `${series(names.METRIC_BREAKER_STATE)}{${label(names.ATTR_BREAKER_STATE)}=~"open|forced_open"}`;
  const share = sumBy([LABEL_APP, LABEL_INSTANCE, BREAKER], `avg_over_time(${open}[${time.range("2m")}])`);
  // Only from closed: a dependency that stays away is opened for again and again, which is no flapping.
  const opened = `${series(names.METRIC_BREAKER_TRANSITIONS)}{${label(names.ATTR_BREAKER_FROM)}="closed",${label(names.ATTR_BREAKER_TO)}="open"}`;
  const lost = countedWithin(series(names.METRIC_LEDGER_DROPPED), "1h", time);
  return [
    {
      alert: "AgentBreakerOpen",
      expr: `${maxBy([LABEL_APP, BREAKER], share)} > 0.5`,
      for: time.wait("1m"),
      severity: "critical",
      summary: `Breaker {{ $labels.${BREAKER} }} of {{ $labels.job }} is open: its calls are refused.`,
      description: `It was open {{ $value | humanizePercentage }} of the last ${time.range("2m")}. What it protects against fails, or somebody has forced it open; callers get fallbacks or errors.`,
      board: "agent-otel-resilience",
    },
    {
      alert: "AgentBreakerFlapping",
      expr: `${sumBy([LABEL_APP, BREAKER], countedWithin(opened, "30m", time))} >= 3`,
      for: "0s",
      severity: "warning",
      summary: `Breaker {{ $labels.${BREAKER} }} of {{ $labels.job }} opens and closes again and again.`,
      description: `It opened {{ $value | humanize }} times in the last ${time.range("30m")}: the dependency fails often enough to open it, and recovers often enough to close it.`,
      board: "agent-otel-resilience",
    },
    {
      alert: "AgentDeadLettersWaiting",
      expr: `${maxBy([LABEL_APP, QUEUE], series(names.METRIC_DEAD_LETTERS_UNRESOLVED))} > 0`,
      for: time.wait("5m"),
      severity: "warning",
      summary: `Dead letters wait in queue {{ $labels.${QUEUE} }} of {{ $labels.job }}.`,
      description: `{{ $value | humanize }} tasks were given up and are not resolved. Nobody does them until they are replayed.`,
      board: "agent-otel-resilience",
    },
    {
      alert: "AgentLedgerRowsLost",
      expr: `${sumBy([LABEL_APP], lost)} > 0`,
      for: "0s",
      severity: "warning",
      summary: "The audit ledger of {{ $labels.job }} has lost rows.",
      description: `{{ $value | humanize }} rows were not written in the last ${time.range("1h")}, since the store failed or the buffer was full. They cannot be had back.`,
      board: "agent-otel-resilience",
    },
  ];
}
