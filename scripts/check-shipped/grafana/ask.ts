import { at } from "../data.ts";
import type { RecordedRun } from "../recorded-run/recorded-run.ts";
import type { Query } from "./dashboard.ts";
import type { Answer } from "./frames.ts";
import { interpolate, type Times } from "./interpolate.ts";

/** How many series Prometheus answers with, and what it remarks. @throws Error with what it refuses. */
export async function ask(
  query: Query,
  run: RecordedRun,
  values: ReadonlyMap<string, string>,
  times: Times,
): Promise<{ readonly rows: number; readonly remarks: readonly string[] }> {
  const { samples = [], series = [] } = await answerTo(query, run, values, times);
  const remarks = run.remarksOn(interpolate(query.expr, values, times));
  return { rows: samples.length + series.length, remarks };
}

/** Asks as Grafana does: at the end of the range, or over all of it. */
export async function answerTo(
  { target, expr }: Query,
  run: RecordedRun,
  values: ReadonlyMap<string, string>,
  times: Times,
): Promise<Answer> {
  const text = interpolate(expr, values, times);
  const asked = at(target, "format");
  const format: Answer["format"] = asked === "table" || asked === "heatmap" ? asked : "time_series";
  const answer = {
    refId: String(at(target, "refId") ?? ""),
    format,
    legend: String(at(target, "legendFormat") ?? ""),
  };
  if (at(target, "instant") === true) return { ...answer, samples: await run.instant(text, times.toMs) };
  return { ...answer, series: await run.range(text, times.fromMs, times.toMs, times.stepS) };
}
