import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { finish } from "./finish.ts";
import type { PanelOptions, SizedPanel } from "./panel.ts";

/** One number, or a few of one unit with their names. */
export function stat(options: PanelOptions): SizedPanel {
  const overTime = options.queries.some(({ instant = false }) => !instant);
  const builder = new PanelBuilder()
    .colorMode(BigValueColorMode.Value)
    .graphMode(overTime ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));
  return finish(builder, options, { color: FieldColorModeId.Thresholds });
}
