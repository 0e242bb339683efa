import { dateTime, type GrafanaTheme2, type TimeRange } from "@grafana/data";
import { PanelChrome } from "@grafana/ui";
import { useEffect, useState } from "react";
import type { BoardData, PanelJson } from "./board-data.ts";
import { colorsOf } from "./colors.ts";
import { framesForPanel, type PanelFrames } from "./panel-frames.ts";
import { PanelBody } from "./panels/panel-body.tsx";

/** Grafana's grid: 24 columns, and rows of 30 px with 8 px between them. */
const COLUMNS = 24;
const ROW = 30;
const GAP = 8;
const WIDTH = 1600;

export function Board({ data, theme }: { readonly data: BoardData; readonly theme: GrafanaTheme2 }) {
  const panels = data.dashboard["panels"] as readonly PanelJson[];
  const height = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h)) * (ROW + GAP);
  const values = Object.entries(data.variables).map(([name, value]) => `${name}: ${value}`);
  return (
    <div style={{ width: WIDTH, padding: 16 }}>
      <h1 style={{ fontSize: 20 }}>{String(data.dashboard["title"])}</h1>
      <p style={{ color: colorsOf(theme).weak }}>{values.join(" · ")}</p>
      <div style={{ position: "relative", height }}>
        {panels.map((panel) => (
          <Placed key={panel.id} panel={panel} data={data} theme={theme} />
        ))}
      </div>
    </div>
  );
}

interface PlacedProps {
  readonly panel: PanelJson;
  readonly data: BoardData;
  readonly theme: GrafanaTheme2;
}

function Placed({ panel, data, theme }: PlacedProps) {
  const { x, y, w, h } = panel.gridPos;
  const column = (WIDTH + GAP) / COLUMNS;
  const [width, height] = [w * column - GAP, h * (ROW + GAP) - GAP];
  const at = { position: "absolute", left: x * column, top: y * (ROW + GAP), width, height } as const;
  if (panel.type === "row") {
    return <h2 style={{ ...at, fontSize: 16, margin: 0 }}>{panel.title}</h2>;
  }
  return (
    <div style={at}>
      <Drawn panel={panel} data={data} theme={theme} width={width} height={height} />
    </div>
  );
}

function Drawn({
  panel,
  data,
  theme,
  width,
  height,
}: PlacedProps & { readonly width: number; readonly height: number }) {
  const [frames, setFrames] = useState<PanelFrames>();
  useEffect(() => {
    framesForPanel(panel, data, theme).then(setFrames, (error: unknown) =>
      setFrames({ error: String(error) }),
    );
  }, [panel, data, theme]);
  const state = frames === undefined ? "waiting" : "error" in frames ? "error" : "drawn";
  const rows =
    frames !== undefined && "frames" in frames
      ? frames.frames.reduce((sum, { length }) => sum + length, 0)
      : 0;
  return (
    <section data-panel={panel.id} data-title={panel.title} data-state={state} data-rows={rows}>
      <PanelChrome title={panel.title} description={panel.description ?? ""} width={width} height={height}>
        {(innerWidth, innerHeight) =>
          frames === undefined ? null : "error" in frames ? (
            <pre>{frames.error}</pre>
          ) : (
            <PanelBody
              panel={panel}
              frames={frames.frames}
              width={innerWidth}
              height={innerHeight}
              theme={theme}
              range={rangeOf(data)}
            />
          )
        }
      </PanelChrome>
    </section>
  );
}

function rangeOf({ fromMs, toMs }: BoardData): TimeRange {
  const [from, to] = [dateTime(fromMs), dateTime(toMs)];
  return { from, to, raw: { from, to } };
}
