import { type LinkedEntry, link } from "../ledger/chain.ts";
import type { CleanEntry } from "../ledger/clean-entry.ts";
import type { LedgerDriver } from "../ledger/ledger-driver.ts";
import { hashOf, insertRows, readHead } from "./ledger-sql.ts";
import { lockStatement } from "./locks.ts";
import type { PostgresDatabase, Query } from "./postgres-database.ts";
import { sqlState } from "./postgres-errors.ts";

/** How long a group waits for other writers before it is tried again. */
const LOCK_WAIT_MS = 1_000;
const LOCK_NOT_AVAILABLE = "55P03";
const SETTINGS = `SET LOCAL lock_timeout = ${LOCK_WAIT_MS}; SET LOCAL synchronous_commit = on`;

type Group = ReadonlyMap<CleanEntry, LinkedEntry>;
const NOTHING: Group = new Map();

export function postgresLedgerDriver(database: Pick<PostgresDatabase, "transaction">): LedgerDriver {
  const writer = new PostgresLedgerWriter(database);
  return { write: (entries) => writer.write(entries) };
}

/**
 * Writes groups, one at a time.
 *
 * A COMMIT whose answer is lost may have done it. Whether it did is asked under the lock of the ledger, which its transaction holds
 * as long as it may still be under way. Where nobody answers, the group is remembered until somebody does: those of its entries that
 * are handed in again are not written twice.
 */
class PostgresLedgerWriter {
  readonly #database: Pick<PostgresDatabase, "transaction">;
  /** May be in the ledger. */
  #doubtful = NOTHING;
  /** Are in the ledger, and may be handed in again. */
  #kept = NOTHING;

  constructor(database: Pick<PostgresDatabase, "transaction">) {
    this.#database = database;
  }

  async write(entries: readonly CleanEntry[]): Promise<readonly LinkedEntry[] | "busy"> {
    try {
      return await this.#write(entries);
    } catch (error) {
      if (sqlState(error) === LOCK_NOT_AVAILABLE) return "busy";
      const kept = await this.#keptAllTheSame(entries);
      if (kept !== undefined) return kept;
      throw error;
    }
  }

  async #write(entries: readonly CleanEntry[]): Promise<readonly LinkedEntry[]> {
    let sent = NOTHING;
    try {
      await this.#locked(async (query) => {
        const fresh = entries.filter((entry) => !this.#kept.has(entry));
        const rows = link(fresh, await readHead(query));
        await insertRows(query, rows);
        // Whatever fails from here on may have been done.
        sent = new Map(fresh.map((entry, i) => [entry, rows[i]!]));
      });
    } catch (error) {
      if (sent.size > 0) this.#doubtful = sent;
      throw error;
    }
    const rows = entries.map((entry) => sent.get(entry) ?? this.#kept.get(entry)!);
    this.#kept = NOTHING;
    return rows;
  }

  /** Alone on the chain, and with no doubt left. */
  #locked(work: (query: Query) => Promise<void>): Promise<void> {
    return this.#database.transaction(async (query) => {
      await query(SETTINGS);
      await query(lockStatement("ledger"));
      await this.#settle(query);
      await work(query);
    });
  }

  async #settle(query: Query): Promise<void> {
    const last = [...this.#doubtful.values()].at(-1);
    if (last === undefined) return;
    const written = (await hashOf(query, last.seq)) === last.hash;
    if (written) this.#kept = new Map([...this.#kept, ...this.#doubtful]);
    this.#doubtful = NOTHING;
  }

  async #keptAllTheSame(entries: readonly CleanEntry[]): Promise<readonly LinkedEntry[] | undefined> {
    if (this.#doubtful.size === 0) return undefined;
    try {
      await this.#locked(async () => {});
    } catch {
      return undefined;
    }
    const rows = entries.flatMap((entry) => this.#kept.get(entry) ?? []);
    if (rows.length < entries.length) return undefined;
    this.#kept = NOTHING;
    return rows;
  }
}
