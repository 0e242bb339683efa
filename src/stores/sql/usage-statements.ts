import type { CompiledQuery } from "kysely";
import type { CallKey, DayRange, RunRow } from "../usage/usage-store.ts";
import { builderFor, type SqlDialect, tableOf } from "./compiler.ts";
import { CALL_SUM_COLUMNS, RUN_SUM_COLUMNS } from "./usage-columns.ts";

export type Statement = Pick<CompiledQuery, "sql" | "parameters">;

/** What usage is asked for, the same on every SQL store. Sums come under the names of CallSums and RunSums. */
export interface UsageStatements {
  calls(by: CallKey, days: DayRange): Statement;
  conversations(days: DayRange, limit: number): Statement;
  runs(kind: RunRow["kind"], by: "name" | "caller", days: DayRange): Statement;
  rows(days: DayRange): Statement;
}

export function usageStatements(dialect: SqlDialect): UsageStatements {
  const db = builderFor(dialect);
  const calls = ({ from, to }: DayRange) =>
    db
      .selectFrom(tableOf(dialect, "usage_calls", "u"))
      .where("day", ">=", from)
      .where("day", "<=", to);
  const sum = SUM[dialect];
  return {
    calls(by, days) {
      const groups = calls(days)
        .select(({ fn }) => [
          `${by} as key` as const,
          ...CALL_SUM_COLUMNS.map(([field, column]) => fn<number>(sum, [column]).as(field)),
        ])
        .groupBy(by);
      if (by === "day") return groups.orderBy("day").compile();
      return groups.orderBy("costNanoUsd", "desc").orderBy("calls", "desc").orderBy(by).compile();
    },
    conversations: ({ from, to }, limit) =>
      db
        .selectFrom(tableOf(dialect, "usage_conversations", "u"))
        .where("day", ">=", from)
        .where("day", "<=", to)
        .select(({ fn }) => [
          "conversation as key",
          ...CALL_SUM_COLUMNS.map(([field, column]) => fn<number>(sum, [column]).as(field)),
        ])
        .groupBy("conversation")
        .orderBy("costNanoUsd", "desc")
        .orderBy("calls", "desc")
        .orderBy("conversation")
        .limit(limit)
        .compile(),
    runs: (kind, by, { from, to }) =>
      db
        .selectFrom(tableOf(dialect, "usage_runs", "u"))
        .where("day", ">=", from)
        .where("day", "<=", to)
        .where("kind", "=", kind)
        .select(({ fn }) => [
          `${by} as key` as const,
          ...RUN_SUM_COLUMNS.map(([field, column]) => fn<number>(sum, [column]).as(field)),
        ])
        .groupBy(by)
        .orderBy("ownCostNanoUsd", "desc")
        .orderBy(by)
        .compile(),
    rows: (days) =>
      calls(days)
        .select([
          "day",
          "agent",
          "provider",
          "model",
          ...CALL_SUM_COLUMNS.map(([field, column]) => `${column} as ${field}` as const),
        ])
        .orderBy("day")
        .orderBy("agent")
        .orderBy("provider")
        .orderBy("model")
        .compile(),
  };
}

/** SQLite's `sum` fails where it overflows. `total` is exact as far as JavaScript can count, and goes on beyond. */
const SUM: Readonly<Record<SqlDialect, "total" | "sum">> = { sqlite: "total", postgres: "sum" };
