import { useMemo } from "preact/hooks";
import type { RedSeries } from "../../server/api/usage.ts";
import { duration } from "../format/duration.ts";
import { short, whole } from "../format/numbers.ts";
import { clockTime } from "../format/time.ts";
import { ACCENT, BAD, SOFT } from "./series-colors.ts";
import { TimeChart } from "./time-chart.tsx";

/** Rate, errors and duration over time. */
export function RedCharts({ series }: { readonly series: RedSeries }) {
  const { times, rate, latency } = useMemo(() => {
    const { points } = series;
    return {
      times: points.map(({ time }) => Date.parse(time)),
      rate: [
        { name: "Calls", color: ACCENT, values: points.map(({ calls }) => calls) },
        { name: "Errors", color: BAD, values: points.map(({ errors }) => errors) },
      ],
      latency: [
        { name: "p50", color: SOFT, values: points.map(({ p50_ms }) => p50_ms) },
        { name: "p95", color: ACCENT, values: points.map(({ p95_ms }) => p95_ms) },
      ],
    };
  }, [series]);
  return (
    <div class="columns two">
      <TimeChart
        title={`Calls and errors per ${duration(series.slice_ms).replace(" 00 s", "").replace(" 00 m", "")}`}
        times={times}
        series={rate}
        kind="bars"
        format={whole}
        axis={short}
        timeText={timeText}
      />
      <TimeChart
        title="Duration"
        times={times}
        series={latency}
        kind="line"
        format={duration}
        timeText={timeText}
      />
    </div>
  );
}

function timeText(ms: number): string {
  return clockTime(new Date(ms).toISOString(), Date.now());
}
