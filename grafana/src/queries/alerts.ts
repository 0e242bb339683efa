import { SCRAPE_JOBS } from "../metrics/collector.ts";
import { LABEL_APP } from "../metrics/derived.ts";
import { alertRules } from "../rules/alert-rules.ts";
import { type Matchers, relabel, select } from "./promql.ts";

/** What Prometheus says of its own alert rules. */
export const ALERTS = "ALERTS";
export const ALERT_NAME = "alertname";
export const SEVERITY = "severity";
/** Short, as Alertmanager groups by it. */
export const ALERT_AGENT = "agent";
/** The uid of the dashboard that shows more. */
export const ALERT_BOARD = "board";
const STATE = "alertstate";

const RULES = alertRules().flatMap(({ rules }) => rules);

/** Jobs of Prometheus that are no application of somebody's, and alerts without any. */
const NO_APP = [...SCRAPE_JOBS, ""].join("|");

/** Alerts that fire: those of the applications chosen, and those that are of none. */
export const firing = (more: Matchers = {}): string =>
  select(ALERTS, { [STATE]: "firing", [LABEL_APP]: `$app|${NO_APP}`, ...more });

/** With a label `board`; alerts that are not ours lead to the overview. */
export function firingWithBoard(more: Matchers = {}): string {
  const boards = new Map<string, Set<string>>();
  for (const { alert, board } of RULES) boards.set(board, (boards.get(board) ?? new Set()).add(alert));
  const start = relabel(firing(more), ALERT_BOARD, "", "", "agent-otel-overview");
  return [...boards].reduce(
    (expr, [board, alerts]) => relabel(expr, ALERT_BOARD, ALERT_NAME, [...alerts].join("|"), board),
    start,
  );
}

/** How many, and 0 only where rules are loaded: no rules and no alerts are not the same. */
export const firingCount = (more: Matchers = {}): string =>
  `count(${firing(more)}) or 0 * sum(prometheus_rule_group_rules{rule_group=~".*agent-otel.*"} > 0)`;
