import { wait } from "../../internal/late-files.ts";
import { sqlUsageReader } from "../sql/sql-usage-reader.ts";
import { CALLS, CONVERSATIONS, RUNS } from "../sql/usage-columns.ts";
import type { UsageBatch, UsageStore } from "../usage/usage-store.ts";
import type { PostgresDatabase, Query } from "./postgres-database.ts";
import { addRows, forgetStatement } from "./usage-sql.ts";

const SETTINGS = "SET LOCAL lock_timeout = 5000";
const TRANSACTION = "SELECT pg_current_xact_id()::text AS id";
const FATE = "SELECT pg_xact_status($1::xid8) AS fate";
/** A transaction whose program is gone ends within its time limit for pauses; asked for so often, about as long. */
const ASKED = 40;
const ASK_EVERY_MS = 200;

type Database = Pick<PostgresDatabase, "isEmpty" | "query" | "transaction">;

/** Usage in PostgreSQL, for processes on several machines. What is written when a process ends by `process.exit` is lost. */
export function postgresUsage(database: Database): UsageStore {
  const writer = new PostgresUsageWriter(database);
  let empty = true;
  const reader = sqlUsageReader("postgres", async ({ sql, parameters }) => {
    // Reading makes no tables.
    empty &&= await database.isEmpty();
    return empty ? undefined : database.query(sql, parameters);
  });
  return {
    ...reader,
    add: (batch) => writer.add(batch),
    forget: (before) =>
      database.transaction(async (query) => {
        for (const sql of [forgetStatement(CALLS), forgetStatement(CONVERSATIONS), forgetStatement(RUNS)])
          await query(sql, [before]);
      }),
  };
}

/** A batch whose COMMIT was not answered: it may be there. */
interface Doubt {
  readonly batch: UsageBatch;
  readonly transaction: unknown;
}

/**
 * Writes batches, one after the other. A COMMIT whose answer is lost may have done it, so the server is asked what became of that
 * transaction. Where nobody answers, the batch stays here until somebody does, and is written with the next one unless it was.
 */
class PostgresUsageWriter {
  readonly #database: Database;
  #doubt: Doubt | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  add(batch: UsageBatch): Promise<void> {
    const turn = this.#last.then(() => this.#add(batch));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #add(batch: UsageBatch): Promise<void> {
    await this.#settle();
    let transaction: unknown;
    try {
      await this.#database.transaction(async (query) => {
        await query(SETTINGS);
        const [row] = await query(TRANSACTION);
        await addBatch(query, batch);
        // Whatever fails from here on may have been done.
        transaction = row?.["id"];
      });
    } catch (error) {
      if (transaction === undefined) throw error;
      this.#doubt = { batch, transaction };
      // From here on it is kept here: were it given back, it could be counted twice.
      await this.#settle().catch(() => {});
    }
  }

  /** @throws where it cannot be told, or not be written. */
  async #settle(): Promise<void> {
    if (this.#doubt === undefined) return;
    const { batch, transaction } = this.#doubt;
    const fate = await this.#fateOf(transaction);
    this.#doubt = undefined;
    if (fate !== "aborted") return;
    try {
      await this.#add(batch);
    } catch (error) {
      this.#doubt = { batch, transaction };
      throw error;
    }
  }

  async #fateOf(transaction: unknown): Promise<unknown> {
    for (let n = 1; ; n += 1) {
      const [row] = await this.#database.query(FATE, [transaction]);
      if (row?.["fate"] !== "in progress") return row?.["fate"];
      if (n === ASKED) throw new Error("a transaction of usage totals does not end");
      await wait(ASK_EVERY_MS);
    }
  }
}

async function addBatch(query: Query, { calls, conversations, runs }: UsageBatch): Promise<void> {
  await addRows(query, CALLS, calls);
  await addRows(query, CONVERSATIONS, conversations);
  await addRows(query, RUNS, runs);
}
