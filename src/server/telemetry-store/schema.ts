import type { Migration } from "../../stores/sqlite/migrations.ts";

/** "AOTT": a file of its own kind, which the shared store does not open, nor the other way about. */
export const TELEMETRY_APPLICATION_ID = 0x41_4f_54_54;

/**
 * Ids of traces and spans are lower-case hex. `_us` are microseconds since the epoch, which a number holds exactly until 2255; `_ns`
 * nanoseconds, which are read as bigint. Money in nano-dollars. `trace` is the key of a trace, which grows with arrival: what
 * comes together stands together.
 */
const FIRST = `
  CREATE TABLE lease (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    owner TEXT NOT NULL,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    renewed_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE resources (
    id INTEGER PRIMARY KEY,
    json TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    used_ms INTEGER NOT NULL
  ) STRICT;

  -- What a trace is found by: names of agents, models, tools, conversations and spans, by kind.
  CREATE TABLE marks (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (kind, name)
  ) STRICT;
  CREATE TABLE trace_marks (
    mark INTEGER NOT NULL,
    trace INTEGER NOT NULL,
    PRIMARY KEY (mark, trace)
  ) STRICT, WITHOUT ROWID;

  -- marks is a JSON list of ids. A cost of -1: no call has a known price. first_us is the start of the span that gave the name.
  CREATE TABLE traces (
    key INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL UNIQUE,
    seen_ms INTEGER NOT NULL,
    name TEXT NOT NULL,
    resource INTEGER NOT NULL,
    has_root INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    start_us INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    spans INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    model_calls INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    logs INTEGER NOT NULL,
    marks TEXT NOT NULL
  ) STRICT;
  CREATE INDEX traces_newest ON traces (start_us) WHERE spans > 0;
  CREATE INDEX traces_slowest ON traces (duration_us) WHERE spans > 0;
  CREATE INDEX traces_dearest ON traces (cost) WHERE spans > 0;
  CREATE INDEX traces_failed ON traces (start_us) WHERE errors > 0;
  CREATE INDEX traces_found ON traces (start_us) WHERE findings > 0;
  CREATE INDEX traces_seen ON traces (seen_ms);

  CREATE TABLE spans (
    id INTEGER PRIMARY KEY,
    trace INTEGER NOT NULL,
    span_id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER,
    status INTEGER NOT NULL,
    status_message TEXT,
    resource INTEGER NOT NULL,
    scope TEXT,
    attributes TEXT NOT NULL,
    events TEXT,
    links TEXT
  ) STRICT;
  CREATE UNIQUE INDEX spans_once ON spans (trace, span_id);

  CREATE TABLE logs (
    id INTEGER PRIMARY KEY,
    trace INTEGER NOT NULL,
    span_id TEXT,
    time_us INTEGER NOT NULL,
    severity TEXT NOT NULL,
    body TEXT NOT NULL,
    event_name TEXT,
    resource INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    digest TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX logs_once ON logs (trace, time_us, digest);

  CREATE TABLE findings (
    id INTEGER PRIMARY KEY,
    trace INTEGER NOT NULL,
    span_id TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    mode TEXT NOT NULL,
    agent TEXT NOT NULL,
    action TEXT NOT NULL,
    evidence TEXT NOT NULL
  ) STRICT;
  CREATE INDEX findings_trace ON findings (trace);
  CREATE INDEX findings_time ON findings (time_us);
  CREATE INDEX findings_agent ON findings (agent, time_us);
  CREATE INDEX findings_mode ON findings (mode, time_us);

  CREATE TABLE breaker_events (
    id INTEGER PRIMARY KEY,
    trace INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    breaker TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    reason TEXT,
    error_type TEXT
  ) STRICT;
  CREATE INDEX breaker_events_trace ON breaker_events (trace);
  CREATE INDEX breaker_events_time ON breaker_events (time_us);
  CREATE INDEX breaker_events_kind ON breaker_events (kind, time_us);
  CREATE INDEX breaker_events_breaker ON breaker_events (breaker, time_us);
  CREATE INDEX breaker_events_both ON breaker_events (breaker, kind, time_us);

  -- The latest value of each series of ours. since_ms: when it became what it is.
  CREATE TABLE series (
    resource INTEGER NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    value REAL NOT NULL,
    count INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (name, attributes, resource)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rollup_keys (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL
  ) STRICT;
  -- slice is the length of the slice; sums and durations are as text, since they are read and written whole.
  CREATE TABLE rollups (
    slice INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    key INTEGER NOT NULL,
    sums TEXT NOT NULL,
    durations TEXT NOT NULL,
    PRIMARY KEY (slice, start_ms, key)
  ) STRICT, WITHOUT ROWID;
  -- Rows of the finest slices from here on are not in those of the longer ones yet.
  CREATE TABLE rollup_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    folded_until_ms INTEGER NOT NULL
  ) STRICT;
`;

// time_ms is when a point arrived; sent_ms its time by the clock of the sender.
const SENT = "ALTER TABLE series ADD COLUMN sent_ms INTEGER NOT NULL DEFAULT 0";

export const TELEMETRY_MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: FIRST },
  { version: 2, sql: SENT },
];
