import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** When the recorded run ended: a fixed time, so that figures and pictures repeat. All of it is in one block of two hours. */
export const RECORDED_END_MS = Date.UTC(2026, 10, 2, 11, 50);

/** One series with all of its samples. */
export interface RecordedSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since the epoch, and the value as Prometheus spells it. */
  readonly values: readonly (readonly [number, string])[];
}

/** What was scraped, and of the servers' own metrics what says how they are. What rules have made is left out: rules are run again. */
const RECORDED =
  '{__name__=~"agents_.+|gen_ai_.+|mcp_.+|traces_.+|otelcol_.+|target_info|up|scrape_.+|prometheus_.+",' +
  '__name__!~"prometheus_(http|engine|rule|sd|target|web|remote|template|treecache)_.+|prometheus_.+_bucket|.+:.+"}';

/** Dumps all that was scraped in the last `minutes` from a live Prometheus. */
export async function recordedSeries(
  prometheus: string,
  minutes: number,
): Promise<readonly RecordedSeries[]> {
  const query = new URLSearchParams({ query: `${RECORDED}[${minutes}m]` });
  const response = await fetch(`${prometheus}/api/v1/query?${query}`);
  if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { data: { result: readonly RecordedSeries[] } }).data.result;
}

/** OpenMetrics text as `promtool tsdb create-blocks-from openmetrics` reads it, with nothing of the machine in it. */
export function openMetricsText(series: readonly RecordedSeries[], endMs = RECORDED_END_MS): string {
  const lastS = Math.max(...series.flatMap(({ values }) => values.map(([atS]) => atS)));
  const shiftMs = endMs - Math.round(lastS * 1_000);
  const places = new PlaceNames();
  const lines = series.map(({ metric, values }) => {
    const { __name__: name, ...labels } = metric;
    const text = Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, value]) => `${label}="${escaped(places.of(label, value, metric))}"`)
      .join(",");
    return { key: `${name}{${text}}`, values };
  });
  const sorted = lines.sort((a, b) => (a.key < b.key ? -1 : 1));
  return `${sorted
    .flatMap(({ key, values }) =>
      values.map(([atS, value]) => `${key} ${value} ${(Math.round(atS * 1_000) + shiftMs) / 1_000}`),
    )
    .join("\n")}\n# EOF\n`;
}

/** Writes it gzipped, the same bytes for the same text. */
export function writeRecording(file: string, text: string): void {
  writeFileSync(file, gzipSync(text, { level: 9 }));
}

/** Random ids and addresses. */
const PLACE = /^[0-9a-f]{8}-[0-9a-f-]{27}$|:\d+(\/|$)/;
const PLACES: ReadonlySet<string> = new Set([
  "instance",
  "host_id",
  "host_name",
  "server_address",
  "server_port",
]);

/** Names for what is of this machine: the first instance of a job is `JOB-1`. Two different ones never get one name. */
class PlaceNames {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(label: string, value: string, metric: RecordedSeries["metric"]): string {
    if (label === "job" || label === "le" || label.startsWith("agents_") || label.startsWith("gen_ai_"))
      return value;
    if (!PLACES.has(label) && !PLACE.test(value)) return value;
    const kind = label === "instance" ? (metric["job"] ?? label) : label;
    const key = `${kind}\0${value}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `${kind}-${count}`;
    this.#names.set(key, name);
    return name;
  }
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
