import { CALL_SUMS, RUN_SUMS } from "../usage/sums.ts";
import type { CallGroup, CallRow, RunGroup, UsageStore } from "../usage/usage-store.ts";
import type { SqlDialect } from "./compiler.ts";
import type { SqlRow } from "./ledger-rows.ts";
import type { RunStatement } from "./sql-ledger-reader.ts";
import type { Statement, UsageStatements } from "./usage-statements.ts";

/** The half of a usage store that reads, the same for every SQL store. */
export type UsageReader = Pick<UsageStore, "calls" | "conversations" | "runs" | "rows">;

export function sqlUsageReader(dialect: SqlDialect, run: RunStatement): UsageReader {
  let loaded: Promise<UsageStatements> | undefined;
  const ask = async (choose: (statements: UsageStatements) => Statement): Promise<readonly SqlRow[]> => {
    loaded ??= import("./usage-statements.ts").then((module) => module.usageStatements(dialect));
    return (await run(choose(await loaded))) ?? [];
  };
  return {
    calls: async (by, days) => (await ask((all) => all.calls(by, days))).map(callGroup),
    conversations: async (days, limit) => (await ask((all) => all.conversations(days, limit))).map(callGroup),
    runs: async (kind, by, days) => (await ask((all) => all.runs(kind, by, days))).map(runGroup),
    rows: async (days) => (await ask((all) => all.rows(days))).map(callRow),
  };
}

function callGroup(row: SqlRow): CallGroup {
  return { key: String(row["key"]), ...numbers(row, CALL_SUMS) };
}

function runGroup(row: SqlRow): RunGroup {
  return { key: String(row["key"]), ...numbers(row, RUN_SUMS) };
}

function callRow(row: SqlRow): CallRow {
  const { day, agent, provider, model } = row as Readonly<Record<string, string>>;
  return {
    day: String(day),
    agent: String(agent),
    provider: String(provider),
    model: String(model),
    ...numbers(row, CALL_SUMS),
  };
}

/** PostgreSQL gives numbers of 64 bits as text. */
function numbers<Field extends string>(row: SqlRow, fields: readonly Field[]): Record<Field, number> {
  return Object.fromEntries(fields.map((field) => [field, Number(row[field])])) as Record<Field, number>;
}
