import type { Mutant } from "./mutant.ts";
import { PANEL_MUTANTS } from "./panel-mutants.ts";
import { BOARDS, everywhere, inDashboard, type Json, listIn } from "./plant.ts";
import { QUERY_MUTANTS } from "./query-mutants.ts";

const withoutVariable = (board: Json): void => {
  const list = listIn(board, "templating", "list");
  list.splice(
    list.findIndex(({ name }) => name === "app"),
    1,
  );
};

export const DASHBOARD_MUTANTS: readonly Mutant[] = [
  {
    fault: "dashboard edited by hand",
    check: "generated",
    plant: everywhere(BOARDS, '"schemaVersion": 42', '"schemaVersion": 41'),
  },
  {
    fault: "dead dashboard link",
    check: "dashboard-links",
    plant: everywhere(BOARDS, "/d/agent-otel-agent", "/d/agent-otel-agents"),
  },
  {
    fault: "link to a variable that is not there",
    check: "dashboard-links",
    plant: everywhere(BOARDS, "var-agent=", "var-agents="),
  },
  {
    fault: "dashboard link that drops the time",
    check: "dashboard-links",
    plant: everywhere(BOARDS, '"keepTime": true', '"keepTime": false'),
  },
  {
    fault: "missing variable",
    check: "dashboard-lint",
    plant: inDashboard(({ uid }) => uid === "agent-otel-overview", withoutVariable),
  },
  {
    fault: "editable dashboard",
    check: "dashboard-lint",
    plant: everywhere(BOARDS, '"editable": false', '"editable": true'),
  },
  ...QUERY_MUTANTS,
  ...PANEL_MUTANTS,
];
