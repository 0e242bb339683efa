import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { FieldColorModeId, MappingType } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { finish } from "./finish.ts";
import type { PanelOptions, SizedPanel } from "./panel.ts";

/** A state as the query numbers it. */
export interface ShownState {
  readonly value: number;
  readonly text: string;
  readonly color: string;
}

export interface StateTimelineOptions extends Omit<PanelOptions, "thresholds" | "min" | "max"> {
  readonly states: readonly ShownState[];
}

/** One bar for each series, in the colours of the states that it went through. */
export function stateTimeline(options: StateTimelineOptions): SizedPanel {
  const builder = new PanelBuilder()
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80)
    .mappings([valueMapping(options.states)])
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single));
  return finish(builder, options, { color: FieldColorModeId.Thresholds });
}

/** Also of a column of a table. */
export const valueMapping = (states: readonly ShownState[]) => ({
  type: MappingType.ValueToText as const,
  options: Object.fromEntries(
    states.map(({ value, text, color }, index) => [String(value), { text, color, index }]),
  ),
});
