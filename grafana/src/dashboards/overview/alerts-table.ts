import { table } from "../../panels/table.ts";
import { fieldOf, VALUE } from "../../panels/variable.ts";
import { ALERT_AGENT, ALERT_BOARD, ALERT_NAME, firingWithBoard, SEVERITY } from "../../queries/alerts.ts";
import { maxBy } from "../../queries/promql.ts";
import { toAgent, toNamedBoard } from "../links.ts";

const SEVERITIES = {
  type: "value",
  options: {
    critical: { text: "critical", color: "red", index: 0 },
    warning: { text: "warning", color: "yellow", index: 1 },
    info: { text: "info", color: "blue", index: 2 },
  },
};

export const firingAlerts = table({
  id: 10,
  title: "Firing alerts",
  description:
    "Alert rules of Prometheus that fire now. Click one for the board that shows more. What to do is in docs/runbook.md, one section for each name.",
  unit: "short",
  noValue: "nothing fires",
  queries: [
    { refId: "A", expr: maxBy([ALERT_NAME, SEVERITY, "job", ALERT_AGENT, ALERT_BOARD], firingWithBoard()) },
  ],
  columns: [
    {
      field: SEVERITY,
      title: "Severity",
      properties: { mappings: [SEVERITIES], "custom.cellOptions": { type: "color-text" } },
      width: 65,
    },
    {
      field: ALERT_NAME,
      title: "Alert",
      properties: { links: [toNamedBoard(fieldOf(ALERT_BOARD))] },
      width: 190,
    },
    { field: ALERT_AGENT, title: "Agent", properties: { links: [toAgent(VALUE)] }, width: 95 },
    { field: "job", title: "Application", width: 90 },
  ],
  hidden: ["Value"],
  forLinks: [ALERT_BOARD],
  width: 9,
  height: 9,
});
