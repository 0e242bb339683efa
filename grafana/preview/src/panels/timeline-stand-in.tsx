import { type DataFrame, type Field, getFieldDisplayName } from "@grafana/data";
import { colorsOf } from "../colors.ts";
import type { BodyProps } from "./panel-body.tsx";
import { StandIn } from "./stand-in.tsx";

/** A row for each series, a box for each point, coloured and named by Grafana's mappings and thresholds. */
export function TimelineStandIn(props: BodyProps) {
  const { frames, width, height, theme } = props;
  const rows = frames.flatMap((frame) =>
    frame.fields.filter(({ type }) => type !== "time").map((field) => ({ frame, field })),
  );
  const high = Math.min(24, (height - 30) / Math.max(1, rows.length));
  return (
    <StandIn {...props}>
      {rows.map(({ frame, field }) => (
        <div key={getFieldDisplayName(field, frame, frames)} style={{ display: "flex", height: high }}>
          <span style={{ width: 140, color: colorsOf(theme).text, overflow: "hidden", fontSize: 11 }}>
            {getFieldDisplayName(field, frame, frames)}
          </span>
          <Boxes frame={frame} field={field} width={width - 160} />
        </div>
      ))}
    </StandIn>
  );
}

function Boxes({
  frame,
  field,
  width,
}: {
  readonly frame: DataFrame;
  readonly field: Field;
  readonly width: number;
}) {
  const times = frame.fields.find(({ type }) => type === "time")?.values ?? [];
  return field.values.map((value, index) => {
    const shown = field.display?.(value);
    const style = {
      width: width / field.values.length,
      background: shown?.color,
      margin: 1,
      fontSize: 9,
      overflow: "hidden",
    };
    return (
      <span key={String(times[index])} style={style}>
        {index === 0 || field.values[index - 1] !== value ? shown?.text : ""}
      </span>
    );
  });
}
