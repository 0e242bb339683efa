import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../contract/source-files.ts";

export interface DataSource {
  readonly type?: string;
  readonly uid?: string;
}

/** A query of a panel or an annotation. */
export interface Target {
  readonly refId: string;
  readonly expr?: string;
  readonly datasource?: DataSource;
  readonly instant?: boolean;
  readonly format?: string;
  readonly exemplar?: boolean;
  readonly queryType?: string;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Target[];
  readonly transformations?: readonly Transformation[];
  readonly panels?: readonly Panel[];
}

export interface Transformation {
  readonly id: string;
  readonly filter?: { readonly id: string; readonly options: string };
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query?: string | { readonly query: string };
  readonly includeAll?: boolean;
  readonly multi?: boolean;
  readonly allValue?: string;
  readonly regex?: string;
  readonly current?: { readonly value?: string | readonly string[] };
}

export interface Annotation {
  readonly name: string;
  readonly expr?: string;
  readonly target?: Target;
  readonly datasource?: DataSource;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly variables: readonly Variable[];
  readonly annotations: readonly Annotation[];
}

const FOLDER = join(root, "grafana/dashboards");

/** The dashboards that are shipped, with the panels of collapsed rows among the others. */
export function shippedDashboards(): readonly Dashboard[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return files.sort().map((name) => {
    const json = JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as {
      readonly uid: string;
      readonly title: string;
      readonly panels: readonly Panel[];
      readonly templating?: { readonly list?: readonly Variable[] };
      readonly annotations?: { readonly list?: readonly Annotation[] };
    };
    return {
      uid: json.uid,
      title: json.title,
      panels: json.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]),
      variables: json.templating?.list ?? [],
      annotations: json.annotations?.list ?? [],
    };
  });
}

/** Queries for Prometheus, with where they stand. */
export function prometheusTargets({ panels }: Dashboard): readonly (readonly [Panel, Target])[] {
  return panels.flatMap((panel) =>
    (panel.targets ?? [])
      .filter(({ datasource, expr }) => datasource?.type === "prometheus" && expr !== undefined)
      .map((target) => [panel, target] as const),
  );
}
