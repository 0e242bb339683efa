import { type Check, Findings } from "../check.ts";
import { at, type Data, isMapping, list, word } from "../data.ts";
import { type Dashboard, dashboardsOf, type Panel, whereIs } from "../grafana/dashboard.ts";
import type { SchemaErrors, SchemaName } from "../tools/schemas.ts";

const MEND = "write it as Grafana's own types say, or leave it out";
const DASHBOARD: SchemaName = { folder: "dashboard/x", type: "Dashboard" };
const PANEL: SchemaName = { folder: "dashboard/x", type: "Panel" };
const ROW: SchemaName = { folder: "dashboard/x", type: "RowPanel" };

/** Against the types that Grafana publishes: a key that nobody reads does nothing, and nobody is told. */
export const dashboardSchema: Check = {
  name: "dashboard-schema",
  holds: "every dashboard and panel has only keys that this release of Grafana reads",
  async run(shipped, tools) {
    const { schemaErrors } = await tools.grafana();
    return dashboardsOf(shipped).flatMap((dashboard) => errorsOf(dashboard, schemaErrors));
  },
};

function errorsOf(dashboard: Dashboard, schemaErrors: SchemaErrors) {
  const findings = new Findings(dashboard.file);
  const check = (name: SchemaName, value: unknown, where: string) => {
    for (const error of schemaErrors(name, value) ?? []) findings.add(`${where}: ${error}`, MEND);
  };
  check(DASHBOARD, common(dashboard), "dashboard");
  for (const panel of dashboard.panels) {
    check(panel.type === "row" ? ROW : PANEL, panel.json, whereIs(panel));
    if (panel.type !== "row") ofItsType(panel, schemaErrors, findings);
  }
  return findings.all;
}

/** What the Prometheus data source reads in an annotation, and a query in a variable: Grafana publishes no types for those. */
const OF_ANNOTATIONS = new Set([
  "expr",
  "step",
  "titleFormat",
  "textFormat",
  "tagKeys",
  "useValueForTime",
  "target",
]);
const OF_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  query: ["definition"],
  interval: ["auto", "auto_min", "auto_count"],
};

/** Without its panels and without what belongs to a plugin. */
function common({ json, annotations, variables }: Dashboard): Data {
  const annotationList = annotations.map((one) => without(one, (key) => OF_ANNOTATIONS.has(key)));
  const variableList = variables.map((one) =>
    without(one, (key) => OF_VARIABLES[word(one, "type")]?.includes(key) === true),
  );
  return { ...json, panels: [], annotations: { list: annotationList }, templating: { list: variableList } };
}

const without = (json: Data, drop: (key: string) => boolean): Data =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !drop(key)));

function ofItsType(panel: Panel, schemaErrors: SchemaErrors, findings: Findings): void {
  const folder = `composable/${folderOf(panel)}/panelcfg/x`;
  const options = schemaErrors({ folder, type: "Options" }, at(panel.json, "options") ?? {});
  if (options === undefined) {
    findings.add(
      `${whereIs(panel)}: Grafana has no panel ${JSON.stringify(panel.type)}`,
      "take one that Grafana ships",
    );
    return;
  }
  for (const error of options) findings.add(`${whereIs(panel)}: options${error}`, MEND);
  checkOverrides(panel, schemaErrors, findings);
  const custom = at(panel.json, "fieldConfig", "defaults", "custom");
  if (!isMapping(custom)) return;
  const errors = schemaErrors({ folder, type: "FieldConfig" }, custom) ?? withoutCustom(custom);
  for (const error of errors) findings.add(`${whereIs(panel)}: fieldConfig.defaults.custom${error}`, MEND);
}

/** A panel without a type for them has no fields of its own. */
const withoutCustom = (custom: Data): readonly string[] =>
  Object.keys(custom).map((key) => `/ must NOT have additional properties: ${key}`);

const folderOf = ({ type }: Panel): string => type.toLowerCase().replaceAll("-", "");

const FIELD: SchemaName = { folder: "dashboard/x", type: "FieldConfig" };

/** An override names what it sets: `unit`, or `custom.minWidth` for what only this kind of panel knows. */
function checkOverrides(panel: Panel, schemaErrors: SchemaErrors, findings: Findings): void {
  const ofPanel: SchemaName = { folder: `composable/${folderOf(panel)}/panelcfg/x`, type: "FieldConfig" };
  const properties = list(panel.json, "fieldConfig", "overrides").flatMap((one) => list(one, "properties"));
  for (const property of properties) {
    const [first = "", ...rest] = word(property, "id").split(".");
    const isCustom = first === "custom";
    const keys = isCustom ? rest : [first, ...rest];
    const value = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), property["value"]);
    const errors = schemaErrors(isCustom ? ofPanel : FIELD, value) ?? [" has no fields of its own"];
    for (const error of errors)
      findings.add(`${whereIs(panel)}: override ${word(property, "id")}${error}`, MEND);
  }
}
