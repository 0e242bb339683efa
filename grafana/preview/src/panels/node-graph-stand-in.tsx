import type { DataFrame } from "@grafana/data";
import { colorsOf } from "../colors.ts";
import type { BodyProps } from "./panel-body.tsx";
import { StandIn } from "./stand-in.tsx";

type Row = Readonly<Record<string, unknown>>;

/** The nodes with their arcs on a circle, and the edges: what the panel would have to lay out, by the fields that it reads. */
export function NodeGraphStandIn(props: BodyProps) {
  const { frames, width, height, theme } = props;
  const nodes = rowsOf(frames.find((frame) => has(frame, "id") && !has(frame, "source")));
  const edges = rowsOf(frames.find((frame) => has(frame, "source")));
  const places = new Map(
    nodes.map((node, index) => [String(node["id"]), placed(index, nodes.length, width, height - 24)]),
  );
  return (
    <StandIn {...props}>
      {nodes.length} nodes, {edges.length} edges
      <svg width={width - 16} height={height - 40} role="img" aria-label="graph">
        {edges.map((edge) => {
          const [from, to] = [places.get(String(edge["source"])), places.get(String(edge["target"]))];
          if (from === undefined || to === undefined) return null;
          const middle = { x: (from.x + 2 * to.x) / 3, y: (from.y + 2 * to.y) / 3 };
          return (
            <g key={String(edge["id"])}>
              <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke={colorsOf(theme).line} />
              <text {...middle} fontSize={9} fill={colorsOf(theme).weak}>
                {rounded(edge["mainstat"])}
              </text>
            </g>
          );
        })}
        {nodes.map((node) => {
          const at = places.get(String(node["id"]))!;
          return (
            <g key={String(node["id"])}>
              <circle
                cx={at.x}
                cy={at.y}
                r={16}
                fill={colorsOf(theme).panel}
                stroke={Number(node["arc__errors"]) > 0.01 ? "red" : "green"}
                strokeWidth={3}
              />
              <text x={at.x} y={at.y + 4} fontSize={10} textAnchor="middle" fill={colorsOf(theme).text}>
                {rounded(node["mainstat"])}
              </text>
              <text x={at.x} y={at.y + 28} fontSize={10} textAnchor="middle" fill={colorsOf(theme).text}>
                {String(node["title"] ?? node["id"])}
              </text>
            </g>
          );
        })}
      </svg>
    </StandIn>
  );
}

const has = (frame: DataFrame, name: string) => frame.fields.some((field) => field.name === name);
const rounded = (value: unknown) => String(Math.round(Number(value) * 100) / 100);

function rowsOf(frame: DataFrame | undefined): readonly Row[] {
  if (frame === undefined) return [];
  const row = (index: number) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[index]]));
  return Array.from({ length: frame.length }, (_, index) => row(index));
}

function placed(
  index: number,
  count: number,
  width: number,
  height: number,
): { readonly x: number; readonly y: number } {
  const angle = (2 * Math.PI * index) / count;
  return {
    x: width / 2 + (width / 2 - 80) * Math.cos(angle),
    y: height / 2 + (height / 2 - 50) * Math.sin(angle),
  };
}
