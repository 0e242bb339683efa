import { isModelCall } from "../../health/rollup/fold-record.ts";
import type { RollupRow, SliceMs } from "../../health/rollup/rollup-row.ts";
import type { RedSeries } from "../api/usage.ts";
import { groupRows } from "./group-rows.ts";
import type { PeriodRange } from "./time-range.ts";
import { callsOf, errorsOf, sumOf } from "./usage-sum.ts";

/** Rate, errors and duration of runs, slice by slice, those without any included; tokens and cost of the model calls among the rows. */
export function redSeries(rows: readonly RollupRow[], range: PeriodRange): RedSeries {
  const { fromMs, toMs, sliceMs } = range.rows;
  const bySlice = groupRows(rows, ({ startMs }) => String(startMs));
  const first = Math.floor(fromMs / sliceMs) * sliceMs;
  const points: RedSeries["points"] = [];
  for (let startMs = first; startMs < toMs; startMs += sliceMs) {
    points.push(pointOf(startMs, bySlice.get(String(startMs)) ?? []));
  }
  return { slice_ms: sliceMs satisfies SliceMs, points };
}

function pointOf(startMs: number, rows: readonly RollupRow[]): RedSeries["points"][number] {
  const runs = rows.filter(({ operation }) => operation === "invoke_agent");
  const { durations } = sumOf(runs);
  const used = sumOf(rows.filter(isModelCall));
  return {
    time: new Date(startMs).toISOString(),
    calls: callsOf(runs),
    errors: errorsOf(runs),
    p50_ms: durations.quantile(0.5) ?? null,
    p95_ms: durations.quantile(0.95) ?? null,
    tokens: used.inputTokens + used.outputTokens,
    cost_usd: used.costNanoUsd / 1e9,
  };
}
