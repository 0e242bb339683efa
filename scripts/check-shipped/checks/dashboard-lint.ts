import { type Check, Findings } from "../check.ts";
import { dashboardsOf } from "../grafana/dashboard.ts";
import { lintBoard } from "./lint/board.ts";
import { lintPanel } from "./lint/panel.ts";
import { lintQueries } from "./lint/queries.ts";
import { lintVariables } from "./lint/variables.ts";

/**
 * The rules of Grafana's dashboard-linter, and more of our own. Left out of the former: a matcher and a variable for `job` and `instance`
 * (that is for services that are scraped; an agent is one of many in a process, and `app` and `agent` are its variables here), and
 * the rules for LogQL, of which there is none.
 */
export const dashboardLint: Check = {
  name: "dashboard-lint",
  holds:
    "every panel has title, description, unit, a text for no data, a place of its own and queries that keep the rules",
  async run(shipped, tools) {
    const grafana = await tools.grafana();
    const dashboards = dashboardsOf(shipped);
    return dashboards.flatMap((dashboard) => {
      const findings = new Findings(dashboard.file);
      lintBoard(dashboard, dashboards, findings);
      lintVariables(dashboard, findings);
      lintQueries(dashboard, findings);
      for (const panel of dashboard.panels) if (panel.type !== "row") lintPanel(panel, grafana, findings);
      return findings.all;
    });
  },
};
