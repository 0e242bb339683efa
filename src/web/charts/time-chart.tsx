import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ThemeColor } from "../color/agent-color.ts";
import { DataTable } from "../ui/data-table.tsx";
import { useTheme } from "../ui/theme.ts";
import type { Plot, PlotSpec } from "./draw-plot.ts";
import { summary } from "./summary.ts";

export interface ChartSeries {
  readonly name: string;
  readonly color: ThemeColor;
  /** One for each time; `null`: nothing is known. */
  readonly values: readonly (number | null)[];
}

interface TimeChartProps {
  readonly title: string;
  /** Milliseconds since the epoch, rising. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly kind: "line" | "bars";
  readonly stacked?: boolean;
  readonly format: (value: number) => string;
  readonly axis?: (value: number) => string;
  readonly timeText: (ms: number) => string;
  /** Days are UTC's. */
  readonly utc?: boolean;
  readonly height?: number;
}

/** A chart over time that can be read without seeing it: a summary in words, and all values in a table. */
export function TimeChart(props: TimeChartProps) {
  const { title, times, series, kind, stacked = false, format, axis = format, timeText, utc = false } = props;
  const { height = 180 } = props;
  const theme = useTheme();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const [hovered, setHovered] = useState<number | undefined>();
  const [asTable, setAsTable] = useState(false);
  const words = useMemo(
    () => summary(title, times, series, format, timeText),
    [title, times, series, format, timeText],
  );

  useEffect(() => {
    if (asTable) return;
    let ended = false;
    const spec: PlotSpec = { times, series, kind, stacked, axis, utc, height, theme, onHover: setHovered };
    if (plot.current?.update(spec) === true) return;
    void import("./draw-plot.ts").then(({ drawPlot }) => {
      if (ended || place.current === null) return;
      plot.current?.destroy();
      plot.current = drawPlot(place.current, spec);
    });
    return () => {
      ended = true;
    };
  }, [times, series, kind, stacked, axis, utc, height, theme, asTable]);
  useEffect(
    () => () => {
      plot.current?.destroy();
      plot.current = undefined;
    },
    // The table takes its place.
    [asTable],
  );

  const at = hovered ?? times.length - 1;
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <span class="chart-title">{title}</span>
        <button type="button" class="link" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "Chart" : "Table"}
          <span class="hidden"> of {title}</span>
        </button>
      </figcaption>
      {asTable ? (
        <DataTable
          caption={title}
          rows={times.map((ms, index) => ({ ms, index }))}
          keyOf={({ ms }) => String(ms)}
          columns={[
            { key: "time", title: "Time", cell: ({ ms }) => timeText(ms) },
            ...series.map((one) => ({
              key: one.name,
              title: one.name,
              numeric: true,
              cell: ({ index }: { readonly index: number }) => valueText(one.values[index], format),
            })),
          ]}
        />
      ) : (
        <>
          <div ref={place} class="plot" style={{ height: `${height}px` }} role="img" aria-label={words} />
          <div class="legend" aria-hidden="true">
            <span class="legend-time">{times[at] === undefined ? "" : timeText(times[at])}</span>
            {series.map(({ name, color, values }) => (
              <span key={name} class="legend-item">
                <span class="dot" style={{ "--light": color.light, "--dark": color.dark }} />
                <bdi>{name}</bdi> <b>{valueText(values[at], format)}</b>
              </span>
            ))}
          </div>
        </>
      )}
    </figure>
  );
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}
