import { useMemo } from "preact/hooks";
import type { LedgerLine } from "../../../server/api/agents.ts";
import { countsOverTime } from "../../breakers/state-segments.ts";
import { BAD } from "../../charts/series-colors.ts";
import { TimeChart } from "../../charts/time-chart.tsx";
import { short, whole } from "../../format/numbers.ts";
import { clockTime } from "../../format/time.ts";
import { Empty } from "../../ui/empty.tsx";

const PARTS = 36;
const MIN_WINDOW_MS = 60 * 60_000;

export function FailuresOverTime({ lines }: { readonly lines: readonly LedgerLine[] }) {
  const { times, series } = useMemo(() => {
    const nowMs = Date.now();
    const oldest = Math.min(nowMs, ...lines.map(({ time }) => Date.parse(time)));
    const counted = countsOverTime(
      lines.map(({ time }) => time),
      Math.min(oldest, nowMs - MIN_WINDOW_MS),
      nowMs,
      PARTS,
    );
    return { times: counted.times, series: [{ name: "Failures", color: BAD, values: counted.counts }] };
  }, [lines]);
  if (lines.length === 0) return <Empty title="No failure has been counted" />;
  return (
    <TimeChart
      title="Failures that breakers have counted"
      times={times}
      series={series}
      kind="bars"
      format={whole}
      axis={short}
      timeText={(ms) => clockTime(new Date(ms).toISOString(), Date.now())}
      height={150}
    />
  );
}
