import { errorClass } from "../../health/error-class.ts";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";
import { ERROR_CLASSES, type Errors } from "../api/usage.ts";
import { groupRows, largestFirst } from "./group-rows.ts";
import { endOfSlice, type PeriodRange } from "./time-range.ts";
import { callsOf } from "./usage-sum.ts";

type Item = Errors["items"][number];

/** A failed call counts where it failed and in each agent that failed of it. */
export function errorsView(rows: readonly RollupRow[], range: PeriodRange): Errors {
  const items = errorItems(rows, range);
  const byClass = ERROR_CLASSES.map((name) => ({
    class: name,
    count: items.reduce((sum, item) => sum + (item.class === name ? item.count : 0), 0),
  }));
  return {
    ...range.shown,
    total: items.reduce((sum, item) => sum + item.count, 0),
    by_class: byClass
      .filter(({ count }) => count > 0)
      .sort(
        largestFirst(
          ({ count }) => count,
          (each) => each.class,
        ),
      ),
    items,
  };
}

/** The most frequent first. */
export function errorItems(rows: readonly RollupRow[], range: PeriodRange): Item[] {
  const failed = rows.filter(({ errorType }) => errorType !== "");
  const groups = groupRows(failed, (row) => JSON.stringify([row.agent, row.errorType, row.operation]));
  return [...groups.values()]
    .map((group): Item => {
      const { agent, errorType, operation } = group[0]!;
      const last = group.reduce((ms, row) => Math.max(ms, row.startMs), 0);
      return {
        agent,
        class: errorClass(errorType, operation),
        error_type: errorType,
        operation,
        count: callsOf(group),
        last_seen: endOfSlice(last, range.rows),
      };
    })
    .sort(
      largestFirst(
        ({ count }) => count,
        (item) => JSON.stringify([item.agent, item.error_type, item.operation]),
      ),
    );
}
