import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { sqlUsageReader } from "../sql/sql-usage-reader.ts";
import { CALLS, CONVERSATIONS, MOST, RUNS, type UsageColumns } from "../sql/usage-columns.ts";
import type { UsageBatch, UsageStore } from "../usage/usage-store.ts";
import { LOCK_WAIT_MS, type Patience, patiently } from "./patiently.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { immediate } from "./transaction.ts";

/** About two seconds in all. */
const PATIENCE: Patience = { attempts: 80, pauseMs: 20, holds: true };
/** In a process that ends there is one attempt, and nothing else that it would hold up. */
const LAST_WAIT_MS = 2_000;

// What writing needs, without the SQL builder: at the end of a process nothing can be loaded any more. Every statement is a constant of
// names from the schema.
const ADD = { calls: upsert(CALLS), conversations: upsert(CONVERSATIONS), runs: upsert(RUNS) };
const FORGET = [CALLS, CONVERSATIONS, RUNS].map(({ table }) => `DELETE FROM ${table} WHERE day < ?`);

/**
 * Usage in the embedded database, for the processes of one machine.
 *
 * @param file For this driver alone: it sets how its connection waits and syncs.
 */
export function sqliteUsage(file: SqliteFile): UsageStore {
  const writer = new SqliteUsageWriter(file);
  const reader = sqlUsageReader("sqlite", async ({ sql, parameters }) =>
    file
      .forReading()
      ?.prepare(sql)
      .all(...(parameters as readonly SQLInputValue[])),
  );
  return {
    ...reader,
    add: (batch, last) => writer.add(batch, last),
    forget: (before) => writer.forget(before),
  };
}

class SqliteUsageWriter {
  readonly #file: SqliteFile;
  /** Handed in, while another process holds the lock. */
  readonly #waiting = new Set<UsageBatch>();

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  async add(batch: UsageBatch, last = false): Promise<void> {
    this.#waiting.add(batch);
    try {
      await patiently(last ? { ...PATIENCE, attempts: 1 } : PATIENCE, () => {
        // Another one may have taken it along.
        if (this.#waiting.has(batch)) this.#writeAll(last ? LAST_WAIT_MS : LOCK_WAIT_MS);
      });
    } finally {
      this.#waiting.delete(batch);
    }
  }

  forget(before: string): Promise<void> {
    return patiently(PATIENCE, () => {
      const db = this.#open(LOCK_WAIT_MS);
      immediate(db, () => {
        for (const sql of FORGET) db.prepare(sql).run(before);
      });
    });
  }

  #writeAll(waitMs: number): void {
    const batches = [...this.#waiting];
    const db = this.#open(waitMs);
    immediate(db, () => {
      for (const batch of batches) addTo(db, batch);
    });
    this.#waiting.clear();
  }

  #open(waitMs: number): DatabaseSync {
    const db = this.#file.forWriting();
    // What a power cut takes are the last moments; what a process counted that is killed after it was written stays.
    db.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA synchronous = NORMAL`);
    return db;
  }
}

function addTo(db: DatabaseSync, { calls, conversations, runs }: UsageBatch): void {
  addRows(db, ADD.calls, CALLS, calls);
  addRows(db, ADD.conversations, CONVERSATIONS, conversations);
  addRows(db, ADD.runs, RUNS, runs);
}

function addRows<Row>(
  db: DatabaseSync,
  sql: string,
  { values }: UsageColumns<Row>,
  rows: readonly Row[],
): void {
  if (rows.length === 0) return;
  const statement = db.prepare(sql);
  for (const row of rows) statement.run(...values(row));
}

/** Adds to what is there, up to what can be counted. */
function upsert<Row>({ table, keys, sums }: UsageColumns<Row>): string {
  const columns = [...keys, ...sums];
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
    ON CONFLICT (${keys.join(", ")}) DO UPDATE SET
    ${sums.map((sum) => `${sum} = min(${sum} + excluded.${sum}, ${MOST})`).join(", ")}`;
}
