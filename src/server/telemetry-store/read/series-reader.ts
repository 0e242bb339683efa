import type { Statements } from "../statements.ts";
import type { PlainAttributes } from "../telemetry-batch.ts";

const READ = "SELECT attributes, value, time_ms, since_ms FROM series WHERE name = ?";

/** The latest value of one series of one process. */
export interface SeriesValue {
  readonly attributes: PlainAttributes;
  readonly value: number;
  /** When it was heard of last, by the clock of this process. */
  readonly timeMs: number;
  /** When it became what it is. */
  readonly sinceMs: number;
}

/** Those of a metric, of all processes. */
export function seriesOf(statements: Statements, name: string): readonly SeriesValue[] {
  return statements
    .get(READ)
    .all(name)
    .map((row) => ({
      attributes: JSON.parse(String(row["attributes"])) as PlainAttributes,
      value: Number(row["value"]),
      timeMs: Number(row["time_ms"]),
      sinceMs: Number(row["since_ms"]),
    }));
}

/** Programs report once a minute or more often, and miss some. */
const HEARD_OF_MS = 600_000;

/** Of those the ones that somebody still reports. */
export function current(values: readonly SeriesValue[], nowMs: number): readonly SeriesValue[] {
  return values.filter(({ timeMs }) => nowMs - timeMs <= HEARD_OF_MS);
}

/** Processes report at their own pace; who is this much older than the newest does not run any more. */
const SAME_TIME_MS = 90_000;

/** Of those the ones that were reported at about the same time as the newest. */
export function latest(values: readonly SeriesValue[]): readonly SeriesValue[] {
  const newest = Math.max(...values.map(({ timeMs }) => timeMs));
  return values.filter(({ timeMs }) => newest - timeMs <= SAME_TIME_MS);
}
