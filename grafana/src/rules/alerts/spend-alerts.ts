import type { Period } from "../../../../src/spend/calendar.ts";
import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { label, series } from "../../metrics/prometheus-names.ts";
import { maxBy, sumBy } from "../../queries/promql.ts";
import { countedWithin } from "../counted-within.ts";
import { COST_RATE } from "../names.ts";
import type { AlertRule, Severity } from "../rule.ts";
import type { RuleSettings } from "../rule-options.ts";
import type { TimeScale } from "../time-scale.ts";

const AGENT = label(names.ATTR_AGENT_NAME);
const BUDGET = label(names.ATTR_BUDGET_NAME);
const WINDOW = label(names.ATTR_BUDGET_WINDOW);
const MODEL = label(names.ATTR_REQUEST_MODEL);
const PROVIDER = label(names.ATTR_PROVIDER);

/** Budgets, spikes and calls without a price. */
export function spendAlerts(settings: RuleSettings): readonly AlertRule[] {
  const { time } = settings;
  const refused = countedWithin(series(names.METRIC_BUDGET_REJECTIONS), "5m", time);
  const unpriced = countedWithin(series(names.METRIC_COST_UNPRICED), "1h", time);
  return [
    // At twice the pace with half of it gone, the rest is gone within a quarter of the window.
    budgetBurn(time, {
      alert: "AgentBudgetBurnHour",
      window: "hour",
      burn: 2,
      hold: "1m",
      severity: "warning",
    }),
    budgetBurn(time, {
      alert: "AgentBudgetBurnDay",
      window: "day",
      burn: 2,
      hold: "5m",
      severity: "critical",
    }),
    budgetBurn(time, {
      alert: "AgentBudgetBurnDay",
      window: "day",
      burn: 1.25,
      hold: "15m",
      severity: "warning",
    }),
    budgetBurn(time, {
      alert: "AgentBudgetBurnMonth",
      window: "month",
      burn: 1.25,
      hold: "1h",
      severity: "warning",
    }),
    {
      alert: "AgentBudgetRefusals",
      expr: `${sumBy([LABEL_APP, BUDGET, WINDOW], refused)} > 0`,
      for: "0s",
      severity: "warning",
      summary: `Budget {{ $labels.${BUDGET} }} of {{ $labels.job }} refuses calls.`,
      description: `{{ $value | humanize }} calls of the last ${time.range("5m")} had no room in the {{ $labels.${WINDOW} }} and were not made.`,
      board: "agent-otel-cost",
    },
    costSpike(settings),
    {
      alert: "AgentUnpricedCalls",
      expr: `${sumBy([LABEL_APP, PROVIDER, MODEL], unpriced)} > 0`,
      for: "0s",
      severity: "warning",
      summary: `{{ $labels.job }} calls {{ $labels.${MODEL} }} of {{ $labels.${PROVIDER} }}, whose price nobody knows.`,
      description: `{{ $value | humanize }} calls of the last ${time.range("1h")} are in no cost, and a budget refuses them.`,
      board: "agent-otel-cost",
    },
  ];
}

interface BudgetBurn {
  readonly alert: string;
  readonly window: Period;
  /** Used share of the limit over the share of the window that is over: above 1 it will not last. */
  readonly burn: number;
  readonly hold: string;
  readonly severity: Severity;
}

/**
 * Used is a gauge that falls when a reservation is released, so it is compared and never rated. How much of the window is over comes from the
 * guard itself, which knows the time zone. Processes that share a store each tell what they saw last: the largest is the newest.
 */
function budgetBurn(time: TimeScale, { alert, window, burn, hold, severity }: BudgetBurn): AlertRule {
  const of = (metric: string) => `${series(metric)}{${WINDOW}="${window}"}`;
  const used = `${of(names.METRIC_BUDGET_USED)} / (${of(names.METRIC_BUDGET_LIMIT)} > 0)`;
  const pace = `${used} / (${of(names.METRIC_BUDGET_ELAPSED)} > 0)`;
  return {
    alert,
    expr: maxBy([LABEL_APP, BUDGET, WINDOW], `(${pace} >= ${burn}) and (${used} >= 0.5)`),
    for: time.wait(hold),
    severity,
    summary: `Budget {{ $labels.${BUDGET} }} of {{ $labels.job }} will not last the {{ $labels.${WINDOW} }}.`,
    description: `More than half of it is spent or reserved, {{ $value | humanize }} times as fast as it would last. When it is used up, calls are refused until the next {{ $labels.${WINDOW} }}.`,
    board: "agent-otel-cost",
  };
}

/**
 * Against its own past alone: only of agents that had spent something three hours ago. The mean is of the times at which it spent anything: with
 * the nights in it, every working day would be a spike.
 */
function costSpike({ time, spikeUsdPerHour }: RuleSettings): AlertRule {
  const [hour, day] = [time.range("1h"), time.range("1d")];
  const spending = `(${COST_RATE} > 0)[${day}:${time.wait("5m")}]`;
  const now = `avg_over_time(${COST_RATE}[${hour}])`;
  const past = `avg_over_time(${spending} offset ${hour})`;
  const early = `last_over_time(${spending} offset ${time.range("3h")})`;
  return {
    alert: "AgentCostSpike",
    expr: `${now} / (${past} > 0) > 3\nand ${now} * 3600 > ${spikeUsdPerHour}\nand ${early}`,
    for: time.wait("5m"),
    severity: "warning",
    summary: `Agent {{ $labels.${AGENT} }} of {{ $labels.job }} costs more than it used to.`,
    description: `In the last ${hour} it spent {{ $value | humanize }} times its mean of the ${day} before, nights and pauses left out, and more than ${spikeUsdPerHour} US dollars an hour.`,
    board: "agent-otel-cost",
    ofAgent: true,
  };
}
