import type { DataFrame, GrafanaTheme2, TimeRange } from "@grafana/data";
import type { PanelJson } from "../board-data.ts";
import { Bars } from "./bars.tsx";
import { NodeGraphStandIn } from "./node-graph-stand-in.tsx";
import { StandIn } from "./stand-in.tsx";
import { Stats } from "./stats.tsx";
import { TablePanel } from "./table-panel.tsx";
import { TextPanel } from "./text-panel.tsx";
import { TimeSeriesPanel } from "./time-series-panel.tsx";
import { TimelineStandIn } from "./timeline-stand-in.tsx";

export interface BodyProps {
  readonly panel: PanelJson;
  readonly frames: DataFrame[];
  readonly width: number;
  readonly height: number;
  readonly theme: GrafanaTheme2;
  readonly range: TimeRange;
}

/** Grafana publishes the parts of these; what it does not publish has a stand-in that says so. */
export function PanelBody(props: BodyProps) {
  const { panel, frames } = props;
  const empty = frames.every(({ length }) => length === 0);
  if (panel.type === "text") return <TextPanel {...props} />;
  if (panel.targets?.every((target) => target["expr"] === undefined) === true) {
    return <StandIn {...props}>asks Jaeger, of which nothing is recorded</StandIn>;
  }
  if (empty && panel.type !== "stat") {
    return <p style={{ padding: 8 }}>{String(panel.fieldConfig?.defaults?.["noValue"] ?? "No data")}</p>;
  }
  switch (panel.type) {
    case "stat":
      return <Stats {...props} />;
    case "gauge":
    case "bargauge":
      return <Bars {...props} />;
    case "table":
      return <TablePanel {...props} />;
    case "timeseries":
      return <TimeSeriesPanel {...props} />;
    case "nodeGraph":
      return <NodeGraphStandIn {...props} />;
    case "state-timeline":
      return <TimelineStandIn {...props} />;
    default:
      return <StandIn {...props}>has no stand-in</StandIn>;
  }
}
