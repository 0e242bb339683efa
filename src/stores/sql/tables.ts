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

/** The tables that are asked with the SQL builder. On PostgreSQL each name has `agent_otel_` before it. */
export interface Tables {
  readonly ledger: LedgerTable;
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
