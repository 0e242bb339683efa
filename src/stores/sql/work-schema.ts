import type { SqlDialect } from "./compiler.ts";

// One text for both databases: `big` and `text` become their types, and on PostgreSQL every table's name begins with `agent_otel_`.
// Keys of the user are found by a hash, since an index takes no text of any length. Values are JSON as text.

/** Shared state. A value of NULL: deleted; its version goes on. An owner of NULL: nobody holds the lock; its fence goes on. */
const STATE = `
  CREATE TABLE @state_entries (
    space text NOT NULL,
    key_hash text NOT NULL,
    key text NOT NULL,
    version big NOT NULL,
    value text,
    agent text NOT NULL,
    at_ms big NOT NULL,
    PRIMARY KEY (space, key_hash)
  );
  CREATE TABLE @state_history (
    space text NOT NULL,
    key_hash text NOT NULL,
    version big NOT NULL,
    value text,
    agent text NOT NULL,
    at_ms big NOT NULL,
    PRIMARY KEY (space, key_hash, version)
  );
  CREATE TABLE @state_locks (
    space text NOT NULL,
    key_hash text NOT NULL,
    owner text,
    fence big NOT NULL,
    expires_ms big NOT NULL,
    PRIMARY KEY (space, key_hash)
  );
`;

/**
 * Runs of checkpointed workflows. A lease of 0: nobody runs it. What may be long stands last: to read a column behind it SQLite walks
 * through all of it.
 */
const WORKFLOWS = `
  CREATE TABLE @workflow_runs (
    id_hash text PRIMARY KEY,
    id text NOT NULL,
    workflow text NOT NULL,
    status text NOT NULL,
    epoch big NOT NULL,
    owner text NOT NULL,
    lease_until_ms big NOT NULL,
    crashes big NOT NULL,
    crashed_step big NOT NULL,
    trace text,
    created_ms big NOT NULL,
    updated_ms big NOT NULL,
    failure text,
    program text NOT NULL,
    initial text NOT NULL
  );
  CREATE INDEX @workflow_runs_status ON @workflow_runs (status, workflow, updated_ms);
  CREATE TABLE @workflow_steps (
    id_hash text NOT NULL,
    seq big NOT NULL,
    name text NOT NULL,
    output text NOT NULL,
    attempts big NOT NULL,
    at_ms big NOT NULL,
    PRIMARY KEY (id_hash, seq)
  );
`;

/**
 * Dead letters. A lease of 0: nobody replays it. A resolved_ms of 0: not resolved. What may be long stands last: to read a column behind it
 * SQLite walks through all of it. The index has all that a summary asks for.
 */
const DEAD_LETTERS = `
  CREATE TABLE @dead_letters (
    queue text NOT NULL,
    id text NOT NULL,
    task_type text NOT NULL,
    reason text NOT NULL,
    agent text,
    error_type text NOT NULL,
    attempts big NOT NULL,
    replays big NOT NULL,
    trace text,
    first_attempt_ms big NOT NULL,
    last_attempt_ms big NOT NULL,
    entered_ms big NOT NULL,
    claim text,
    claim_until_ms big NOT NULL,
    resolution text,
    resolved_ms big NOT NULL,
    error_message text NOT NULL,
    history text NOT NULL,
    context text NOT NULL,
    payload text NOT NULL,
    PRIMARY KEY (queue, id)
  );
  CREATE INDEX @dead_letters_open ON @dead_letters
    (queue, resolved_ms, last_attempt_ms, task_type, error_type, first_attempt_ms);
`;

/** Replays that were asked for. 0: none was. The index has those alone, and all that a look for them asks. */
const REPLAY_REQUESTS = `
  ALTER TABLE @dead_letters ADD COLUMN replay_requested_ms big NOT NULL DEFAULT 0;
  CREATE INDEX @dead_letters_asked ON @dead_letters
    (queue, replay_requested_ms, id, claim_until_ms) WHERE replay_requested_ms > 0;
`;

export const WORK_SCHEMA = { STATE, WORKFLOWS, DEAD_LETTERS, REPLAY_REQUESTS } as const;

/** The statements that make the tables in a database of that kind. */
export function schemaIn(dialect: SqlDialect, schema: string): string {
  if (dialect === "postgres")
    return (
      schema
        .replaceAll("@", "agent_otel_")
        .replace(/\bbig\b/g, "bigint")
        // "C" sorts by bytes, as SQLite does.
        .replace(/\btext\b/g, 'text COLLATE "C"')
    );
  return schema
    .replaceAll("@", "")
    .replace(/\bbig\b/g, "INTEGER")
    .replace(/\btext\b/g, "TEXT")
    .replace(/^ {2}\);/gm, "  ) STRICT;");
}
