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

export interface StateEntriesTable {
  readonly space: string;
  readonly key_hash: string;
  readonly key: string;
  readonly version: number;
  readonly value: string | null;
  readonly agent: string;
  readonly at_ms: number;
}

export type StateHistoryTable = Omit<StateEntriesTable, "key">;

export interface StateLocksTable {
  readonly space: string;
  readonly key_hash: string;
  readonly owner: string | null;
  readonly fence: number;
  readonly expires_ms: number;
}

export interface WorkflowRunsTable {
  readonly id_hash: string;
  readonly id: string;
  readonly workflow: string;
  readonly status: string;
  readonly program: string;
  readonly initial: string;
  readonly epoch: number;
  readonly owner: string;
  readonly lease_until_ms: number;
  readonly crashes: number;
  readonly crashed_step: number;
  readonly trace: string | null;
  readonly failure: string | null;
  readonly created_ms: number;
  readonly updated_ms: number;
}

export interface WorkflowStepsTable {
  readonly id_hash: string;
  readonly seq: number;
  readonly name: string;
  readonly output: string;
  readonly attempts: number;
  readonly at_ms: number;
}

export interface DeadLettersTable {
  readonly queue: string;
  readonly id: string;
  readonly task_type: string;
  readonly reason: string;
  readonly agent: string | null;
  readonly payload: string;
  readonly context: string;
  readonly error_type: string;
  readonly error_message: string;
  readonly history: string;
  readonly attempts: number;
  readonly replays: number;
  readonly trace: string | null;
  readonly first_attempt_ms: number;
  readonly last_attempt_ms: number;
  readonly entered_ms: number;
  readonly claim: string | null;
  readonly claim_until_ms: number;
  readonly resolution: string | null;
  readonly resolved_ms: number;
  readonly replay_requested_ms: number;
}

/** The tables that are asked with the SQL builder. On PostgreSQL each name has `agent_otel_` before it. */
export interface Tables {
  readonly ledger: LedgerTable;
  readonly usage_calls: UsageCallsTable;
  readonly usage_conversations: UsageConversationsTable;
  readonly usage_runs: UsageRunsTable;
  readonly state_entries: StateEntriesTable;
  readonly state_history: StateHistoryTable;
  readonly state_locks: StateLocksTable;
  readonly workflow_runs: WorkflowRunsTable;
  readonly workflow_steps: WorkflowStepsTable;
  readonly dead_letters: DeadLettersTable;
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
