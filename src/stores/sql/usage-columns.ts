import { plainText } from "../ledger/plain-text.ts";
import { CALL_SUMS, RUN_SUMS } from "../usage/sums.ts";
import type { CallRow, CallSums, ConversationRow, RunRow, RunSums } from "../usage/usage-store.ts";
import type { CallSumColumns, Tables, UsageRunsTable } from "./tables.ts";

/** What a sum can be: beyond, JavaScript cannot count. Nine million dollars in nano-dollars, for one model on one day. */
export const MOST = Number.MAX_SAFE_INTEGER;
/** Of characters in a name. PostgreSQL refuses keys above some 2,700 bytes. */
const LONGEST = 256;

/** The columns of one table: those of its key, and those that are added to. */
export interface UsageColumns<Row> {
  readonly table: keyof Tables;
  readonly keys: readonly (keyof Row & string)[];
  readonly sums: readonly string[];
  /** Keys first. Nothing in them makes a store refuse them. */
  values(row: Row): readonly (string | number)[];
}

const CALL_COLUMNS = {
  calls: "calls",
  errors: "errors",
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  cacheReadTokens: "cache_read_tokens",
  cacheWriteTokens: "cache_write_tokens",
  reasoningTokens: "reasoning_tokens",
  costNanoUsd: "cost_nano_usd",
  unpricedCalls: "unpriced_calls",
} as const satisfies Record<keyof CallSums, keyof CallSumColumns>;

const RUN_COLUMNS = {
  runs: "runs",
  errors: "errors",
  ownCalls: "own_calls",
  ownTokens: "own_tokens",
  ownCostNanoUsd: "own_cost_nano_usd",
  subtreeCalls: "subtree_calls",
  subtreeTokens: "subtree_tokens",
  subtreeCostNanoUsd: "subtree_cost_nano_usd",
} as const satisfies Record<keyof RunSums, keyof UsageRunsTable>;

/** Field and column of each sum. */
export const CALL_SUM_COLUMNS = CALL_SUMS.map((field) => [field, CALL_COLUMNS[field]] as const);
export const RUN_SUM_COLUMNS = RUN_SUMS.map((field) => [field, RUN_COLUMNS[field]] as const);

export const CALLS: UsageColumns<CallRow> = {
  table: "usage_calls",
  keys: ["day", "agent", "provider", "model"],
  sums: CALL_SUM_COLUMNS.map(([, column]) => column),
  values: (row) => [...names([row.day, row.agent, row.provider, row.model]), ...wholes(row, CALL_SUMS)],
};

export const CONVERSATIONS: UsageColumns<ConversationRow> = {
  table: "usage_conversations",
  keys: ["day", "conversation"],
  sums: CALLS.sums,
  values: (row) => [...names([row.day, row.conversation]), ...wholes(row, CALL_SUMS)],
};

export const RUNS: UsageColumns<RunRow> = {
  table: "usage_runs",
  keys: ["day", "kind", "name", "caller"],
  sums: RUN_SUM_COLUMNS.map(([, column]) => column),
  values: (row) => [...names([row.day, row.kind, row.name, row.caller]), ...wholes(row, RUN_SUMS)],
};

function names(texts: readonly string[]): readonly string[] {
  return texts.map((text) => plainText(text.slice(0, LONGEST)));
}

/** One value that is no number would keep all others of its batch from being written, again and again. */
function wholes<Sum extends string>(
  row: Readonly<Record<Sum, number>>,
  sums: readonly Sum[],
): readonly number[] {
  return sums.map((sum) => (row[sum] >= 0 ? Math.min(Math.round(row[sum]), MOST) : 0));
}
