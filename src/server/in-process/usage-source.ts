import { addRow, emptyRow } from "../../health/rollup/fold-record.ts";
import type { RollupRow, RollupSource } from "../../health/rollup/rollup-row.ts";
import type { UsageTotals } from "../../spend/usage-totals.ts";
import type { CallRow } from "../../stores/usage/usage-store.ts";
import { VALUE_OTHER } from "../../telemetry/semconv.ts";

const DAY_MS = 86_400_000;

/** Model calls as usage totals have them: of each day, whatever slices are asked for. */
export function usageSource(totals: Pick<UsageTotals, "rowsOfDays">): RollupSource {
  return {
    rows: async ({ fromMs, toMs }) => {
      const days = Math.floor((toMs - 1) / DAY_MS) - Math.floor(fromMs / DAY_MS) + 1;
      return (await totals.rowsOfDays({ days })).flatMap(rowsOfDay);
    },
  };
}

/** All that is known of errors is how many there were: they are a row of their own, with nothing but that. */
function rowsOfDay(day: CallRow): readonly RollupRow[] {
  const { agent, provider, model, errors, ...sums } = day;
  const none = { operation: "chat", callerType: "", caller: "", workflow: "", tool: "" } as const;
  const key = { ...none, agent, provider, model };
  const startMs = Date.parse(`${day.day}T00:00:00Z`);
  const succeeded = emptyRow(startMs, { ...key, errorType: "" });
  addRow(succeeded, { ...succeeded, ...sums, calls: day.calls - errors });
  const failed = emptyRow(startMs, { ...key, errorType: VALUE_OTHER });
  failed.calls = errors;
  return errors === 0 ? [succeeded] : [succeeded, failed];
}
