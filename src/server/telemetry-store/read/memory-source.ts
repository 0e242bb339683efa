import * as names from "../../../telemetry/semconv.ts";
import type { MemoryRow } from "../../api/agents.ts";
import type { Statements } from "../statements.ts";
import { latest, type SeriesValue, seriesOf } from "./series-reader.ts";

type Kind = MemoryRow["kind"];

// Which metrics are whose, and whether they count or tell a size.
const METRICS: readonly (readonly [metric: string, kind: Kind, counts: boolean])[] = [
  [names.METRIC_STATE_KEYS, "shared_state", false],
  [names.METRIC_STATE_COMMITS, "shared_state", true],
  [names.METRIC_STATE_CONFLICTS, "shared_state", true],
  [names.METRIC_STATE_RETRIES, "shared_state", true],
  [names.METRIC_STATE_LOCK_TIMEOUTS, "shared_state", true],
  [names.METRIC_MEMORY_TOKENS, "window", false],
  [names.METRIC_MEMORY_MESSAGES, "window", false],
  [names.METRIC_MEMORY_COMPACTIONS, "window", true],
  [names.METRIC_MEMORY_EVICTED_MESSAGES, "window", true],
  [names.METRIC_MEMORY_SUMMARIES, "window", true],
  [names.METRIC_MEMORY_ENTRIES, "decaying", false],
  [names.METRIC_MEMORY_EVICTED_ENTRIES, "decaying", true],
];
const PREFIX = /^.*\./;

/** Memories as the metrics of the programs tell of them: what they count over all processes, and the sizes of those that run. */
export function memorySource(statements: Statements): { list(): Promise<readonly MemoryRow[]> } {
  return {
    async list() {
      const rows = new Map<string, { kind: Kind; name: string; values: Record<string, number> }>();
      for (const [metric, kind, counts] of METRICS) {
        const label = kind === "shared_state" ? names.ATTR_STATE_NAME : names.ATTR_MEMORY_NAME;
        const named = Map.groupBy(seriesOf(statements, metric), ({ attributes }) =>
          String(attributes[label] ?? ""),
        );
        for (const [name, values] of named) {
          const key = JSON.stringify([kind, name]);
          const row = rows.get(key) ?? { kind, name, values: {} };
          rows.set(key, row);
          row.values[metric.replace(PREFIX, "")] = total(counts ? values : latest(values));
        }
      }
      return [...rows.values()];
    },
  };
}

function total(values: readonly SeriesValue[]): number {
  return values.reduce((sum, { value }) => sum + value, 0);
}
