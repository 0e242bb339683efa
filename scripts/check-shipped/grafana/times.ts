import { type Data, list, word, yamlOf } from "../data.ts";
import type { RecordedRun } from "../recorded-run/recorded-run.ts";
import type { Shipped } from "../shipped.ts";
import type { Times } from "./interpolate.ts";

const DATA_SOURCES = "grafana/provisioning/datasources/agent-otel.yaml";
const POINTS = 200;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** The whole recorded run, or what a panel asks for in its own time. */
export function timesFor(shipped: Shipped, run: Pick<RecordedRun, "fromMs" | "toMs">, panel?: Data): Times {
  const everyS = scrapedEveryS(shipped);
  const ownS = secondsOf(word(panel, "timeFrom"), run.toMs);
  const fromMs = ownS === undefined ? run.fromMs : run.toMs - ownS * 1000;
  const stepS = Math.max(everyS, Math.ceil((run.toMs - fromMs) / 1000 / POINTS));
  return { fromMs, toMs: run.toMs, stepS, rateIntervalS: Math.max(stepS + everyS, 4 * everyS) };
}

/** As Prometheus' data source is told: a rate needs several values. */
function scrapedEveryS(shipped: Shipped): number {
  if (!shipped.has(DATA_SOURCES)) return 15;
  const sources = list(yamlOf(shipped, DATA_SOURCES), "datasources");
  const prometheus = sources.find((source) => source["type"] === "prometheus");
  return secondsOf(word(prometheus, "jsonData", "timeInterval"), 0) ?? 15;
}

/** `6h`, or `now/d` for the day of the run so far. */
function secondsOf(text: string, toMs: number): number | undefined {
  const [, number, unit] = /^(?:now-)?(\d+)([smhdw])$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) return Number(number) * UNITS[unit]!;
  const [, whole] = /^now\/([dwhM])$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const at = new Date(toMs);
  if (whole === "M") return (toMs - Date.UTC(at.getUTCFullYear(), at.getUTCMonth())) / 1000;
  return (toMs / 1000) % UNITS[whole]!;
}
