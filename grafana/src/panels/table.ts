import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import { FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { finish, steps } from "./finish.ts";
import { forName, type Override, type PanelOptions, type SizedPanel, type Thresholds } from "./panel.ts";

/** A column: the field it is made from is a label, or `Value #` and the query's `refId`. */
export interface Column {
  readonly field: string;
  readonly title: string;
  /** @default that of the table */
  readonly unit?: string;
  readonly thresholds?: Thresholds;
  /** Any other property of the field, as `mappings` or `links`. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** In pixels, since with Grafana's own of 150 six columns scroll in half a board. Text takes what is left as well. @default 65 */
  readonly width?: number;
}

export interface TableOptions extends Omit<PanelOptions, "thresholds"> {
  readonly columns: readonly Column[];
  /** Fields that are left out. */
  readonly hidden?: readonly string[];
  /** Labels that links of other columns read: they stay in the data, and are not drawn. */
  readonly forLinks?: readonly string[];
  /** The title of a column, and whether its lowest value comes first. */
  readonly sortBy?: { readonly title: string; readonly lowestFirst: boolean };
}

/**
 * One row for each combination of labels. Of several queries the rows with equal labels become one, so each query but the first must
 * have the labels of the first, and a value for every row: Grafana calls the column `Value` when only one of them returns anything.
 */
export function table(options: TableOptions): SizedPanel {
  const { columns, hidden = [], forLinks = [], sortBy } = options;
  const builder = new PanelBuilder().showHeader(true);
  if (sortBy !== undefined) {
    builder.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy.title).desc(!sortBy.lowestFirst)]);
  }
  if (options.queries.length > 1) builder.withTransformation({ id: "merge", options: {} });
  builder.withTransformation({ id: "organize", options: organize(columns, hidden) });
  const queries = options.queries.map((query) => ({ ...query, table: true }));
  const overrides = [...columns.map(override), ...forLinks.map(notDrawn), ...(options.overrides ?? [])];
  const finished = finish(
    builder,
    { ...options, queries, overrides },
    { color: FieldColorModeId.Thresholds },
  );
  // The SDK still has it, Grafana 13 has not.
  const { footer: _, ...kept } = finished.panel.options as { readonly footer?: unknown };
  return { ...finished, panel: { ...finished.panel, options: kept } };
}

const organize = (columns: readonly Column[], hidden: readonly string[]) => ({
  excludeByName: Object.fromEntries(["Time", ...hidden].map((field) => [field, true])),
  indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
  renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
});

/** Before Grafana 12.2 this is another property, which the types of 13 have not: there the column is drawn, as the last one. */
const notDrawn = (field: string): Override => forName(field, { "custom.hideFrom.viz": true });

function override({ field, title, unit, thresholds, properties = {}, width = 65 }: Column): Override {
  return forName(title, {
    [field.startsWith("Value #") ? "custom.width" : "custom.minWidth"]: width,
    // Else the panel's sentence for no rows at all stands in each empty cell.
    noValue: "–",
    ...(unit !== undefined && { unit }),
    ...(thresholds !== undefined && {
      thresholds: { mode: "absolute", steps: steps(thresholds) },
      "custom.cellOptions": { type: "color-text" },
    }),
    ...properties,
  });
}
