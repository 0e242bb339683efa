import type { Mutant } from "./mutant.ts";
import { BOARDS, everywhere, expressions, inPanel, inside, type Json, listIn, ofType } from "./plant.ts";

const anyPanel = (): boolean => true;
const asking = (panel: Json): boolean => expressions(panel).length > 0;
const asking2 = (panel: Json): boolean => expressions(panel).length > 1;
const transforming = (panel: Json): boolean => panel["transformations"] !== undefined;
const withThresholds = (panel: Json): boolean => stepsOf(panel).length >= 3;

function stepsOf(panel: Json): Json[] {
  const thresholds = inside(panel, "fieldConfig", "defaults")["thresholds"] as Json | undefined;
  return (thresholds?.["steps"] ?? []) as Json[];
}

const lint = (fault: string, plant: Mutant["plant"]): Mutant => ({ fault, check: "dashboard-lint", plant });

/** Of panels: what they are, where they stand, how they look. */
export const PANEL_MUTANTS: readonly Mutant[] = [
  {
    fault: "option that the panel does not know",
    check: "dashboard-schema",
    plant: inPanel(ofType("table"), (panel) =>
      Object.assign(inside(panel, "options"), { footer: { show: true } }),
    ),
  },
  {
    fault: "override of what no panel has",
    check: "dashboard-schema",
    plant: everywhere(BOARDS, '"custom.minWidth"', '"custom.minimalWidth"'),
  },
  {
    fault: "kind of panel that Grafana does not have",
    check: "dashboard-schema",
    plant: inPanel(ofType("timeseries"), (panel) => Object.assign(panel, { type: "graph" })),
  },
  lint("unknown unit", everywhere(BOARDS, '"currencyUSD"', '"currencyUsd"')),
  lint(
    "node graph by renaming fields",
    inPanel(ofType("nodeGraph"), (panel) =>
      listIn(panel, "transformations").push({
        id: "organize",
        options: { renameByName: { Value: "mainstat" } },
      }),
    ),
  ),
  {
    fault: "node graph without a statistic of that name",
    check: "node-graph",
    plant: inPanel(ofType("nodeGraph"), (panel) => {
      const kept = listIn(panel, "transformations").filter(
        (one) => inside(one, "options")["alias"] !== "mainstat",
      );
      Object.assign(panel, { transformations: kept });
    }),
  },
  lint(
    "unknown transformation",
    inPanel(transforming, (panel) =>
      listIn(panel, "transformations").push({ id: "timeSeriesTable", options: {} }),
    ),
  ),
  lint(
    "wrong table format",
    inPanel(ofType("nodeGraph"), (panel) =>
      Object.assign(listIn(panel, "targets")[0]!, { format: "time_series" }),
    ),
  ),
  lint(
    "overlapping panels",
    inPanel(anyPanel, (panel, all) => Object.assign(inside(panel, "gridPos"), { h: 9 * all.length })),
  ),
  lint(
    "panel beyond the grid",
    inPanel(anyPanel, (panel) => Object.assign(inside(panel, "gridPos"), { x: 20, w: 8 })),
  ),
  lint(
    "duplicate panel id",
    inPanel(asking, (panel, all) => Object.assign(panel, { id: all.at(-1)!["id"] })),
  ),
  lint(
    "duplicate refId",
    inPanel(asking2, (panel) => {
      const [first, second] = listIn(panel, "targets");
      Object.assign(second!, { refId: first!["refId"] });
    }),
  ),
  lint(
    "thresholds out of order",
    inPanel(withThresholds, (panel) => stepsOf(panel).reverse()),
  ),
  lint(
    "hard-coded data source",
    inPanel(asking, (panel) =>
      Object.assign(inside(listIn(panel, "targets")[0]!, "datasource"), { uid: "prometheus" }),
    ),
  ),
  lint(
    "panel without description",
    inPanel(asking, (panel) => Reflect.deleteProperty(panel, "description")),
  ),
  lint(
    "no text for no data",
    inPanel(asking, (panel) => Reflect.deleteProperty(inside(panel, "fieldConfig", "defaults"), "noValue")),
  ),
];
