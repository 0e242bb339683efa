import type { Answer } from "../../../scripts/check-shipped/grafana/frames.ts";

/** What the server hands to the page: a dashboard as it is shipped, and what a Prometheus answers to it. */
export interface BoardData {
  readonly dashboard: Json;
  readonly fromMs: number;
  readonly toMs: number;
  /** Name of a variable → what it shows. */
  readonly variables: Readonly<Record<string, string>>;
  /** By the id of the panel; none for panels that ask something else than Prometheus. */
  readonly answers: Readonly<Record<string, readonly Answer[]>>;
}

export type Json = Readonly<Record<string, unknown>>;

/** A panel of the classic model, as far as it is drawn. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly options?: Json;
  readonly fieldConfig?: { readonly defaults?: Json; readonly overrides?: readonly Json[] };
  readonly transformations?: readonly Json[];
  readonly targets?: readonly Json[];
}
