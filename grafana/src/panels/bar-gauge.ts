import { PanelBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { finish } from "./finish.ts";
import type { PanelOptions, SizedPanel } from "./panel.ts";

/** Pixels of a bar with the name above it. */
const MAX_HEIGHT = 44;
/** Room for the name and a bar as high as its number; of more bars than fit one scrolls. */
const MIN_HEIGHT = 34;

/** One bar for each series, in the order in which the query gives them. Scores take the colours of the thresholds, shares those of their names. */
export function barGauge(options: PanelOptions): SizedPanel {
  const builder = new PanelBuilder()
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Color)
    .namePlacement(BarGaugeNamePlacement.Top)
    // Else a few bars fill the panel, and their names grow with them until they are cut.
    .sizing(BarGaugeSizing.Manual)
    .minVizHeight(MIN_HEIGHT)
    .maxVizHeight(MAX_HEIGHT)
    .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(14))
    .showUnfilled(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));
  const color =
    options.thresholds === undefined ? FieldColorModeId.PaletteClassicByName : FieldColorModeId.Thresholds;
  return finish(builder, { min: 0, ...options }, { color });
}
