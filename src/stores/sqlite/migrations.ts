import { schemaIn, WORK_SCHEMA } from "../sql/work-schema.ts";

/** One step of the schema. A published one is never edited: a change is a new step. */
export interface Migration {
  /** The schema version after it. Steps are numbered from 1 without gaps. */
  readonly version: number;
  /** Statements that run in one transaction with the new version. */
  readonly sql: string;
}

/** "AOTL", so that the file command and other programs can tell whose database it is. */
export const APPLICATION_ID = 0x41_4f_54_4c;

const LEDGER = `
  CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    cause TEXT,
    error_type TEXT,
    trace_id TEXT,
    span_id TEXT,
    actor TEXT,
    payload TEXT,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_subject ON ledger (subject, seq);
  CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;

/** Times by the clock of the machine. `open_until_ms` of 0: not open. */
const BREAKERS = `
  CREATE TABLE breaker_operators (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    instance TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE breaker_instances (
    name TEXT NOT NULL,
    instance TEXT NOT NULL,
    alive_until_ms INTEGER NOT NULL,
    open_until_ms INTEGER NOT NULL,
    PRIMARY KEY (name, instance)
  ) STRICT, WITHOUT ROWID;
`;

/** Times of the machine's own clock, since it started. `state` is JSON. */
const RATE_LIMITS = `
  CREATE TABLE rate_limits (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    idle_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rate_limits_idle ON rate_limits (idle_at_ms);
`;

/** Money in nano-dollars. `windows` are keys, as JSON. */
const BUDGETS = `
  CREATE TABLE budget_windows (
    key TEXT PRIMARY KEY,
    spent INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    end_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE budget_reservations (
    id TEXT PRIMARY KEY,
    amount INTEGER NOT NULL,
    windows TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    expired INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX budget_reservations_expiry ON budget_reservations (expired, expires_ms);
`;

/** By day, such as `2026-11-21`. Money in nano-dollars. An empty text: not known. */
const USAGE = `
  CREATE TABLE usage_calls (
    day TEXT NOT NULL,
    agent TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    calls INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_nano_usd INTEGER NOT NULL,
    unpriced_calls INTEGER NOT NULL,
    PRIMARY KEY (day, agent, provider, model)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE usage_conversations (
    day TEXT NOT NULL,
    conversation TEXT NOT NULL,
    calls INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_nano_usd INTEGER NOT NULL,
    unpriced_calls INTEGER NOT NULL,
    PRIMARY KEY (day, conversation)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE usage_runs (
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    caller TEXT NOT NULL,
    runs INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    own_calls INTEGER NOT NULL,
    own_tokens INTEGER NOT NULL,
    own_cost_nano_usd INTEGER NOT NULL,
    subtree_calls INTEGER NOT NULL,
    subtree_tokens INTEGER NOT NULL,
    subtree_cost_nano_usd INTEGER NOT NULL,
    PRIMARY KEY (day, kind, name, caller)
  ) STRICT, WITHOUT ROWID;
`;

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: LEDGER },
  { version: 2, sql: BREAKERS },
  { version: 3, sql: RATE_LIMITS },
  { version: 4, sql: BUDGETS },
  { version: 5, sql: USAGE },
  { version: 6, sql: schemaIn("sqlite", WORK_SCHEMA.STATE) },
  { version: 7, sql: schemaIn("sqlite", WORK_SCHEMA.WORKFLOWS) },
  { version: 8, sql: schemaIn("sqlite", WORK_SCHEMA.DEAD_LETTERS) },
  { version: 9, sql: schemaIn("sqlite", WORK_SCHEMA.REPLAY_REQUESTS) },
];
