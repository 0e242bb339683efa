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

export const MIGRATIONS: readonly Migration[] = [{ version: 1, sql: LEDGER }];
