import { TableNG } from "@grafana/ui/unstable";
import type { BodyProps } from "./panel-body.tsx";

export function TablePanel({ panel, frames, width, height, range }: BodyProps) {
  const sortBy = panel.options?.["sortBy"] as { displayName: string; desc: boolean }[] | undefined;
  const frame = frames[0];
  return frame === undefined ? null : (
    <TableNG
      data={frame}
      width={width}
      height={height}
      timeRange={range}
      noHeader={panel.options?.["showHeader"] === false}
      {...(sortBy !== undefined && { initialSortBy: sortBy })}
    />
  );
}
