import { schemaIn, WORK_SCHEMA } from "../sql/work-schema.ts";

/** One step of the schema on PostgreSQL. A published one is never edited: a change is a new step. */
export interface PostgresMigration {
  /** The schema version after it. Steps are numbered from 1 without gaps. */
  readonly version: number;
  /** Statements that run in one transaction with the new version. Every table's name begins with `agent_otel_`. */
  readonly sql: string;
}

// "C" sorts by bytes, as SQLite does. Payloads stay text: jsonb would change the bytes that are hashed.
const LEDGER = `
  CREATE TABLE agent_otel_ledger (
    seq bigint PRIMARY KEY CHECK (seq >= 1),
    at_ms bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    from_state text,
    to_state text,
    cause text,
    error_type text,
    trace_id text,
    span_id text,
    actor text,
    payload text,
    prev_hash text NOT NULL,
    hash text NOT NULL
  );
  CREATE INDEX agent_otel_ledger_subject ON agent_otel_ledger (subject, seq);
  CREATE FUNCTION agent_otel_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
  CREATE TRIGGER agent_otel_ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON agent_otel_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION agent_otel_append_only();
  ALTER TABLE agent_otel_ledger ENABLE ALWAYS TRIGGER agent_otel_ledger_append_only;
`;

// Who lives is said again every few seconds, so it need not outlive a crash of the server.
const BREAKERS = `
  CREATE TABLE agent_otel_breaker_operators (
    name text COLLATE "C" PRIMARY KEY,
    state text NOT NULL,
    version bigint NOT NULL,
    instance text NOT NULL
  );
  CREATE UNLOGGED TABLE agent_otel_breaker_instances (
    name text COLLATE "C" NOT NULL,
    instance text COLLATE "C" NOT NULL,
    alive_until_ms bigint NOT NULL,
    open_until_ms bigint NOT NULL,
    PRIMARY KEY (name, instance)
  );
`;

// By day, such as `2026-11-21`. Money in nano-dollars. An empty text: not known.
const USAGE = `
  CREATE TABLE agent_otel_usage_calls (
    day text COLLATE "C" NOT NULL,
    agent text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    calls bigint NOT NULL,
    errors bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    cost_nano_usd bigint NOT NULL,
    unpriced_calls bigint NOT NULL,
    PRIMARY KEY (day, agent, provider, model)
  );
  CREATE TABLE agent_otel_usage_conversations (
    day text COLLATE "C" NOT NULL,
    conversation text COLLATE "C" NOT NULL,
    calls bigint NOT NULL,
    errors bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    cost_nano_usd bigint NOT NULL,
    unpriced_calls bigint NOT NULL,
    PRIMARY KEY (day, conversation)
  );
  CREATE TABLE agent_otel_usage_runs (
    day text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    caller text COLLATE "C" NOT NULL,
    runs bigint NOT NULL,
    errors bigint NOT NULL,
    own_calls bigint NOT NULL,
    own_tokens bigint NOT NULL,
    own_cost_nano_usd bigint NOT NULL,
    subtree_calls bigint NOT NULL,
    subtree_tokens bigint NOT NULL,
    subtree_cost_nano_usd bigint NOT NULL,
    PRIMARY KEY (day, kind, name, caller)
  );
`;

export const MIGRATIONS: readonly PostgresMigration[] = [
  { version: 1, sql: LEDGER },
  { version: 2, sql: BREAKERS },
  { version: 3, sql: USAGE },
  { version: 4, sql: schemaIn("postgres", WORK_SCHEMA.STATE) },
  { version: 5, sql: schemaIn("postgres", WORK_SCHEMA.WORKFLOWS) },
  { version: 6, sql: schemaIn("postgres", WORK_SCHEMA.DEAD_LETTERS) },
  { version: 7, sql: schemaIn("postgres", WORK_SCHEMA.REPLAY_REQUESTS) },
];
