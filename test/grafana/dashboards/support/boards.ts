import { dashboardFiles } from "../../../../grafana/src/dashboards/files.ts";

/** What the tests read of a dashboard's JSON. */
export interface Target {
  readonly refId: string;
  readonly expr?: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly instant?: boolean;
  readonly format?: string;
  readonly exemplar?: boolean;
  readonly queryType?: string;
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

export interface Field {
  readonly unit?: string;
  readonly noValue?: string;
  readonly links?: readonly Link[];
  readonly color?: { readonly mode: string };
  readonly thresholds?: {
    readonly steps: readonly { readonly value: number | null; readonly color: string }[];
  };
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly timeFrom?: string;
  readonly targets?: readonly Target[];
  readonly transformations?: readonly {
    readonly id: string;
    readonly filter?: { readonly options: string };
    readonly options: { readonly alias?: string; readonly reduce?: { readonly include: readonly string[] } };
  }[];
  readonly options?: { readonly nodes?: { readonly arcs: readonly { readonly field: string }[] } };
  readonly fieldConfig?: {
    readonly defaults: Field;
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly graphTooltip: number;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly links: readonly (Link & { readonly keepTime: boolean; readonly includeVars: boolean })[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly refresh?: number;
      readonly multi?: boolean;
      readonly includeAll?: boolean;
      readonly allValue?: string;
      readonly query: unknown;
      readonly current: { readonly value: unknown };
    }[];
  };
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly expr: string; readonly textFormat: string }[];
  };
}

export const texts: readonly string[] = dashboardFiles().map(([, text]) => text);
export const boards: readonly Board[] = texts.map((text) => JSON.parse(text) as Board);

export const panelsOf = (board: Board): readonly Panel[] => board.panels.filter(({ type }) => type !== "row");

/** `[board and panel, panel, board]`, for `it.each`. */
export const panels: readonly (readonly [string, Panel, Board])[] = boards.flatMap((board) =>
  panelsOf(board).map((panel) => [`${board.uid}: ${panel.title}`, panel, board] as const),
);

/** `[where, expression, board]` of every query to Prometheus. */
export const expressions: readonly (readonly [string, string, Board])[] = [
  ...panels.flatMap(([where, { targets = [] }, board]) =>
    targets.flatMap(({ refId, expr }) =>
      expr === undefined ? [] : [[`${where} (${refId})`, expr, board] as const],
    ),
  ),
  ...boards.flatMap((board) =>
    board.annotations.list.map(({ name, expr }) => [`${board.uid}: ${name}`, expr, board] as const),
  ),
];
