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

export const MIGRATIONS: readonly PostgresMigration[] = [
  { version: 1, sql: LEDGER },
  { version: 2, sql: BREAKERS },
];
