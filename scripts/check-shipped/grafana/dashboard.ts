import { at, type Data, list, section, word } from "../data.ts";
import { filesOf, type Shipped } from "../shipped.ts";

/** A dashboard of the file provider (Grafana's classic model), its rows opened. */
export interface Dashboard {
  readonly file: string;
  readonly json: Data;
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly variables: readonly Data[];
  readonly annotations: readonly Data[];
}

export interface Panel {
  readonly json: Data;
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets: readonly Data[];
}

/** A query of a panel, an annotation or a variable. */
export interface Query {
  readonly dashboard: Dashboard;
  readonly panel?: Panel;
  /** «panel "Cost" (7), query A», to say where. */
  readonly where: string;
  readonly expr: string;
  readonly target: Data;
}

export const DASHBOARDS = /^grafana\/dashboards\/[^/]+\.json$/;

/** @throws SyntaxError where a file is no JSON. */
export const dashboardsOf = (shipped: Shipped): readonly Dashboard[] =>
  filesOf(shipped, DASHBOARDS).map(([file, text]) => dashboardOf(file, text));

export function dashboardOf(file: string, text: string): Dashboard {
  const json = section(JSON.parse(text));
  const opened = list(json, "panels").flatMap((panel) => [panel, ...list(panel, "panels")]);
  return {
    file,
    json,
    uid: word(json, "uid"),
    panels: opened.map((panel) => ({
      json: panel,
      id: Number(at(panel, "id")),
      type: word(panel, "type"),
      title: word(panel, "title"),
      targets: list(panel, "targets"),
    })),
    variables: list(json, "templating", "list"),
    annotations: list(json, "annotations", "list"),
  };
}

export const whereIs = ({ title, id }: Panel): string => `panel ${JSON.stringify(title)} (${id})`;

/** Data that come from Prometheus; `${datasource}` is the variable that the lint demands. */
export const isPrometheus = (json: Data): boolean => at(json, "datasource", "type") === "prometheus";

/** Everything that is asked of Prometheus, but for the values of variables. */
export function queriesOf(dashboard: Dashboard): readonly Query[] {
  const ofPanels = dashboard.panels.flatMap((panel) =>
    panel.targets
      .filter(
        (target) =>
          isPrometheus(target) || (at(target, "datasource") === undefined && isPrometheus(panel.json)),
      )
      .map((target) => ({
        dashboard,
        panel,
        where: `${whereIs(panel)}, query ${word(target, "refId")}`,
        expr: word(target, "expr"),
        target,
      })),
  );
  const ofAnnotations = dashboard.annotations.filter(isPrometheus).map((annotation) => ({
    dashboard,
    where: `annotation ${JSON.stringify(word(annotation, "name"))}`,
    expr: word(annotation, "expr") || word(annotation, "target", "expr"),
    target: annotation,
  }));
  return [...ofPanels, ...ofAnnotations];
}
