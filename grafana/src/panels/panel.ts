import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";

/** A panel that has not been given its place yet. The grid is 24 columns wide; a row of height 1 is about 38 pixels. */
export interface SizedPanel {
  readonly panel: Panel;
  readonly width: number;
  readonly height: number;
}

/** What every kind of panel takes. */
export interface PanelOptions {
  /** Links and alerts point to it: it stays the same for as long as the panel answers the same question. */
  readonly id: number;
  readonly title: string;
  /** What it shows. What its thresholds mean is added. */
  readonly description: string;
  /** A unit of Grafana, such as `s` or `currencyUSD`. */
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: Thresholds;
  /** What stands there when the query returns nothing: why that may be, so that nobody takes it for 0. */
  readonly noValue: string;
  readonly queries: readonly Query[];
  /** On every value. */
  readonly links?: readonly DataLink[];
  readonly overrides?: readonly Override[];
  /** Another range than that of the board, as `now/d`. */
  readonly timeFrom?: string;
  readonly width: number;
  readonly height: number;
}

/** From which value on something is worth a look, and from which on it is bad; where low is bad, the other way round. */
export interface Thresholds {
  readonly warn: number;
  readonly bad: number;
  /** Said in the description, as `Yellow from 1 % of failed runs, red from 5 %`. */
  readonly meaning: string;
}

export interface Query {
  readonly refId: string;
  readonly expr: string;
  /** As `{{gen_ai_agent_name}}`. */
  readonly legend?: string;
  /** The value at the end of the range alone. @default false */
  readonly instant?: boolean;
  /** One frame with a column for each label; instant. @default false */
  readonly table?: boolean;
  /** With the traces of single calls. @default false */
  readonly exemplar?: boolean;
}

/** A link on a value. `url` may use `${__field.labels.…}`, `${__data.fields.…}` and variables of the board. */
export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank?: boolean;
}

export interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

/** For the field of that name: the legend of a series, or the column of a table. */
export const forName = (name: string, properties: Readonly<Record<string, unknown>>): Override => ({
  matcher: { id: "byName", options: name },
  properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
});

/** For all series of one query. */
export const forQuery = (refId: string, properties: Readonly<Record<string, unknown>>): Override => ({
  matcher: { id: "byFrameRefID", options: refId },
  properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
});
