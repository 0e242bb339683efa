import { LegendDisplayMode, type VizLegendOptions } from "@grafana/schema";
import { TimeSeries } from "@grafana/ui";
import type { BodyProps } from "./panel-body.tsx";

const LEGEND: VizLegendOptions = {
  showLegend: true,
  displayMode: LegendDisplayMode.List,
  placement: "bottom",
  calcs: [],
};

export function TimeSeriesPanel({ panel, frames, width, height, range }: BodyProps) {
  const legend = { ...LEGEND, ...(panel.options?.["legend"] as Partial<VizLegendOptions> | undefined) };
  return (
    <TimeSeries
      frames={frames}
      timeRange={range}
      timeZone="utc"
      width={width}
      height={height}
      legend={legend}
      options={{}}
    />
  );
}
