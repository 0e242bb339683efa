/** A row of the ledger as every SQL store has it. */
export interface LedgerTable {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly subject: string;
  readonly from_state: string | null;
  readonly to_state: string | null;
  readonly cause: string | null;
  readonly error_type: string | null;
  readonly trace_id: string | null;
  readonly span_id: string | null;
  readonly actor: string | null;
  readonly payload: string | null;
  readonly prev_hash: string;
  readonly hash: string;
}

export interface CallSumColumns {
  readonly calls: number;
  readonly errors: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  readonly cost_nano_usd: number;
  readonly unpriced_calls: number;
}

export interface UsageCallsTable extends CallSumColumns {
  readonly day: string;
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
}

export interface UsageConversationsTable extends CallSumColumns {
  readonly day: string;
  readonly conversation: string;
}

export interface UsageRunsTable {
  readonly day: string;
  readonly kind: string;
  readonly name: string;
  readonly caller: string;
  readonly runs: number;
  readonly errors: number;
  readonly own_calls: number;
  readonly own_tokens: number;
  readonly own_cost_nano_usd: number;
  readonly subtree_calls: number;
  readonly subtree_tokens: number;
  readonly subtree_cost_nano_usd: number;
}

/** The tables that are asked with the SQL builder. On PostgreSQL each name has `agent_otel_` before it. */
export interface Tables {
  readonly ledger: LedgerTable;
  readonly usage_calls: UsageCallsTable;
  readonly usage_conversations: UsageConversationsTable;
  readonly usage_runs: UsageRunsTable;
}

/** What a row's hash covers besides its number and time, in the order in which it does. */
export const LEDGER_TEXTS = [
  "kind",
  "subject",
  "from_state",
  "to_state",
  "cause",
  "error_type",
  "trace_id",
  "span_id",
  "actor",
  "payload",
] as const satisfies readonly (keyof LedgerTable)[];

export const LEDGER_COLUMNS = [
  "seq",
  "at_ms",
  ...LEDGER_TEXTS,
  "prev_hash",
  "hash",
] as const satisfies readonly (keyof LedgerTable)[];
