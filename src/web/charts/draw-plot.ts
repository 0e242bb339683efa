import uPlot from "uplot";
import type { ThemeColor } from "../color/agent-color.ts";
import { stack } from "./stack.ts";

const DAY_S = 86_400;

export interface PlotSpec {
  readonly times: readonly number[];
  readonly series: readonly {
    readonly name: string;
    readonly color: ThemeColor;
    readonly values: readonly (number | null)[];
  }[];
  readonly kind: "line" | "bars";
  readonly stacked: boolean;
  readonly axis: (value: number) => string;
  readonly utc: boolean;
  readonly height: number;
  readonly theme: keyof ThemeColor;
  readonly onHover: (index: number | undefined) => void;
}

export interface Plot {
  /** @returns Whether the new data fit the plot that is there; if not, it must be drawn anew. */
  update(spec: PlotSpec): boolean;
  destroy(): void;
}

/** Draws with uPlot, which sets styles through the CSSOM alone, as the Content-Security-Policy asks. */
export function drawPlot(place: HTMLElement, spec: PlotSpec): Plot {
  const plot = new uPlot(optionsOf(place, spec), dataOf(spec), place);
  const shape = shapeOf(spec);
  const observer = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: spec.height }));
  observer.observe(place);
  return {
    update(next) {
      if (shapeOf(next) !== shape) return false;
      plot.setData(dataOf(next));
      return true;
    },
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function shapeOf({ series, kind, theme, height }: PlotSpec): string {
  return JSON.stringify([series.map(({ name }) => name), kind, theme, height]);
}

function dataOf({ times, series, stacked }: PlotSpec): uPlot.AlignedData {
  const lines = series.map(({ values }) => values);
  // The highest sum is drawn first, so that each bar covers the lower part of the one behind it.
  const drawn = stacked ? stack(lines).reverse() : lines.map((values) => [...values]);
  return [times.map((ms) => ms / 1000), ...drawn];
}

function optionsOf(place: HTMLElement, spec: PlotSpec): uPlot.Options {
  const { series, kind, stacked, axis, utc, height, theme, onHover, times } = spec;
  const style = getComputedStyle(place);
  const text = theme === "dark" ? "#9aa4b5" : "#5a6473";
  const grid = { stroke: theme === "dark" ? "#262b36" : "#e9ecf1", width: 1 };
  const font = `11px ${style.fontFamily}`;
  const drawn = stacked ? [...series].reverse() : series;
  const pad = kind === "bars" ? halfStep(times) : 0;
  return {
    width: place.clientWidth,
    height,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    ...(utc && { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") }),
    cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === "line" } },
    scales: {
      x: { range: (_plot, min, max) => (max > min ? [min - pad, max + pad] : [min - 1800, max + 1800]) },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      {
        stroke: text,
        font,
        grid: { show: false },
        ticks: { show: false },
        space: 64,
        size: 26,
        ...(utc && { incrs: [1, 2, 7, 14].map((days) => days * DAY_S) }),
        values: (_plot, values) => values.map((seconds) => timeMark(seconds * 1000, utc)),
      },
      {
        stroke: text,
        font,
        grid,
        ticks: { show: false },
        space: 36,
        size: 56,
        values: (_plot, values) => values.map(axis),
      },
    ],
    series: [
      {},
      ...drawn.map(({ name, color }): uPlot.Series => {
        const base = { label: name, stroke: color[theme], points: { show: false } };
        return kind === "line"
          ? { ...base, width: 1.75, spanGaps: false, points: { show: times.length < 3 } }
          : { ...base, width: 0, fill: color[theme], paths: uPlot.paths.bars!({ size: [0.62, 48] }) };
      }),
    ],
    hooks: { setCursor: [(plot) => onHover(plot.cursor.idx ?? undefined)] },
  };
}

/** Hours and minutes, and the day at midnight, on one line. */
function timeMark(ms: number, utc: boolean): string {
  const at = new Date(ms);
  const isDay = utc || (at.getHours() === 0 && at.getMinutes() === 0);
  const parts = isDay
    ? ({ day: "numeric", month: "short" } as const)
    : ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const);
  return new Intl.DateTimeFormat("en-GB", { ...parts, ...(utc && { timeZone: "UTC" }) }).format(at);
}

function halfStep(times: readonly number[]): number {
  const [first, second] = times;
  return first === undefined || second === undefined ? 43_200 : (second - first) / 2000;
}
