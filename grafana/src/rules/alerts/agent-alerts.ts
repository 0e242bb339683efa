import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { label, series } from "../../metrics/prometheus-names.ts";
import { sumBy } from "../../queries/promql.ts";
import { countedWithin } from "../counted-within.ts";
import { errorRatio, errorsRate, HEALTH_SCORE, type Window } from "../names.ts";
import type { AlertRule, Severity } from "../rule.ts";
import type { RuleSettings } from "../rule-options.ts";
import { seconds } from "../time-scale.ts";

const AGENT = label(names.ATTR_AGENT_NAME);
const MODE = label(names.ATTR_FAILURE_MODE);
/** FM-1.3 and FM-1.5 of MAST: the same again, and no end. */
const ROUND_AND_ROUND = "loop|step_repetition|ping_pong|unaware_of_termination";
/** Of 100. Where every run fails but is quick, the score nears 50 from above: at 50 this alert would never come. */
const ILL = 60;
/** Below so many failed runs a share says nothing. */
const FEWEST_FAILURES = 5;

/** How agents do: health, failed runs, loops. */
export function agentAlerts(settings: RuleSettings): readonly AlertRule[] {
  const { time } = settings;
  const found = countedWithin(
    `${series(names.METRIC_FAILURE_MODES)}{${MODE}=~"${ROUND_AND_ROUND}"}`,
    "15m",
    time,
  );
  return [
    {
      alert: "AgentHealthLow",
      expr: `${HEALTH_SCORE} < ${ILL}`,
      for: time.wait("5m"),
      severity: "warning",
      summary: "Agent {{ $labels.gen_ai_agent_name }} of {{ $labels.job }} is unhealthy.",
      description: `Its health has been below ${ILL} of 100 for ${time.wait("5m")}; now it is {{ $value | humanize }}.`,
      board: "agent-otel-agent",
      ofAgent: true,
    },
    // Multiwindow, multi-burn-rate: 2 % of a month's failures in an hour, 5 % in six (Google, The Site Reliability Workbook, chapter 5).
    errorRatioAlert(settings, { burn: 14.4, long: "1h", short: "5m", hold: "2m", severity: "critical" }),
    errorRatioAlert(settings, { burn: 6, long: "6h", short: "30m", hold: "15m", severity: "warning" }),
    {
      alert: "AgentLoopDetected",
      expr: `${sumBy([LABEL_APP, AGENT, MODE], found)} > 0`,
      for: "0s",
      severity: "warning",
      summary: "Agent {{ $labels.gen_ai_agent_name }} of {{ $labels.job }} goes round in circles.",
      description: `{{ $value | humanize }} runs of the last ${time.range("15m")} were found in {{ $labels.${MODE} }}: the same calls again and again, each of them paid for.`,
      board: "agent-otel-agent",
      ofAgent: true,
    },
  ];
}

interface Burn {
  /** How many times faster than allowed. */
  readonly burn: number;
  /** Tells that it matters. */
  readonly long: Window;
  /** Tells that it still goes on, so that the alert ends soon after its cause. */
  readonly short: Window;
  readonly hold: string;
  readonly severity: Severity;
}

function errorRatioAlert(
  { time, objective }: RuleSettings,
  { burn, long, short, hold, severity }: Burn,
): AlertRule {
  const bound = rounded(burn * (1 - objective));
  const failures = `${errorsRate(long)} * ${seconds(time.range(long))}`;
  return {
    alert: "AgentErrorRatio",
    expr: `${errorRatio(long)} > ${bound}\nand ${errorRatio(short)} > ${bound}\nand ${failures} >= ${FEWEST_FAILURES}`,
    for: time.wait(hold),
    severity,
    summary: "Runs of agent {{ $labels.gen_ai_agent_name }} of {{ $labels.job }} fail.",
    description: `{{ $value | humanizePercentage }} of its runs failed in the last ${time.range(long)}, and the last ${time.range(short)} were no better. An objective of ${percent(objective)} allows ${percent(1 - objective)}; this begins at ${burn} times as many.`,
    board: "agent-otel-agent",
    ofAgent: true,
  };
}

/** Without the noise of binary fractions. */
const rounded = (value: number): number => Number(value.toPrecision(6));
const percent = (share: number): string => `${rounded(share * 100)} %`;
