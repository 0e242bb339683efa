import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  type FieldColorModeId,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  DataqueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from "@grafana/grafana-foundation-sdk/prometheus";
import type { PanelOptions, Query, SizedPanel, Thresholds } from "./panel.ts";
import { variable } from "./variable.ts";

/** The data source that the variable `datasource` names. */
export const PROMETHEUS = { type: "prometheus", uid: variable("datasource") };

/** What the builders of all kinds of panels share. */
interface AnyPanelBuilder extends Builder<Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(source: typeof PROMETHEUS): this;
  withTarget(target: Builder<Dataquery>): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  noValue(text: string): this;
  thresholds(thresholds: Builder<{ mode: ThresholdsMode; steps: Threshold[] }>): this;
  colorScheme(color: FieldColorBuilder): this;
  timeFrom(from: string): this;
}

export interface Finishing {
  readonly color: FieldColorModeId;
}

/** Puts in what all panels have, and builds. */
export function finish(builder: AnyPanelBuilder, options: PanelOptions, { color }: Finishing): SizedPanel {
  const { thresholds, decimals, min, max, timeFrom, links = [], overrides = [], width, height } = options;
  builder
    .id(options.id)
    .title(options.title)
    .description(describe(options.description, thresholds))
    .datasource(PROMETHEUS)
    .unit(options.unit)
    .noValue(options.noValue)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(thresholds)))
    .colorScheme(new FieldColorBuilder().mode(color));
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (timeFrom !== undefined) builder.timeFrom(timeFrom);
  for (const query of options.queries) builder.withTarget(target(query));
  const panel = builder.build();
  const { fieldConfig } = panel;
  if (fieldConfig === undefined) throw new Error(`panel ${options.id} has no field config`);
  // Not by the builders: they take links of dashboards, with keys that a data link has not.
  if (links.length > 0) Object.assign(fieldConfig.defaults, { links });
  fieldConfig.overrides = overrides.map(({ matcher, properties }) => ({
    matcher: { ...matcher },
    properties: properties as DynamicConfigValue[],
  }));
  return { panel, width, height };
}

const describe = (text: string, thresholds: Thresholds | undefined): string =>
  thresholds === undefined ? text : `${text} ${thresholds.meaning}.`;

/** Green, yellow, red; where low is bad, the other way round. */
export function steps(thresholds: Thresholds | undefined): Threshold[] {
  const base = (color: string): Threshold => ({ value: null, color });
  if (thresholds === undefined) return [base("blue")];
  const { warn, bad } = thresholds;
  if (warn === bad) return [base("green"), { value: bad, color: "red" }];
  if (warn < bad) {
    return [base("green"), { value: warn, color: "yellow" }, { value: bad, color: "red" }];
  }
  return [base("red"), { value: bad, color: "yellow" }, { value: warn, color: "green" }];
}

export function target(query: Query): DataqueryBuilder {
  const { refId, expr, legend, table = false, instant = table, exemplar = false } = query;
  const builder = new DataqueryBuilder()
    .refId(refId)
    .datasource(PROMETHEUS)
    .editorMode(QueryEditorMode.Code)
    .expr(expr)
    .legendFormat(legend ?? "");
  if (instant) builder.instant();
  else builder.range();
  if (table) builder.format(PromQueryFormat.Table);
  if (exemplar) builder.exemplar(true);
  return builder;
}
