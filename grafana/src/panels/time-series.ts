import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { finish } from "./finish.ts";
import type { PanelOptions, SizedPanel } from "./panel.ts";

export interface TimeSeriesOptions extends PanelOptions {
  /** One upon the other, for parts of a whole. @default false */
  readonly stacked?: boolean;
  /** For events that are few, and each of which counts. @default false */
  readonly bars?: boolean;
  /** For many series: a table with the last and the highest value, which takes a third of the width. @default "below" */
  readonly legend?: "below" | "beside";
}

/** Lines over time. A series has the colour of its name, so an agent has the same one on every panel and board. */
export function timeSeries(options: TimeSeriesOptions): SizedPanel {
  const { stacked = false, bars = false, thresholds, legend = "below" } = options;
  const builder = new PanelBuilder()
    .drawStyle(bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(bars ? 60 : stacked ? 25 : 0)
    .showPoints(VisibilityMode.Auto)
    .stacking(new StackingConfigBuilder().group("A").mode(stacked ? StackingMode.Normal : StackingMode.None))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        thresholds === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
      ),
    )
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(legend === "beside" ? LegendDisplayMode.Table : LegendDisplayMode.List)
        .placement(legend === "beside" ? LegendPlacement.Right : LegendPlacement.Bottom)
        .calcs(legend === "beside" ? ["lastNotNull", "max"] : []),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  return finish(builder, { min: 0, ...options }, { color: FieldColorModeId.PaletteClassicByName });
}
