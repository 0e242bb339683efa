import { keyHash } from "../../internal/check-key.ts";
import { byKey } from "../state/key-order.ts";
import {
  type LockAnswer,
  MAX_LEASE_MS,
  type StateAnswer,
  type StateCommit,
  type StateEntry,
  type StateStore,
} from "../state/state-store.ts";
import type { SqlRow } from "./ledger-rows.ts";
import type { RunSql, SqlDatabase } from "./sql-database.ts";
import { commitState } from "./sql-state-commit.ts";
import { entryOf } from "./state-rows.ts";
import type { StateStatements } from "./state-statements.ts";

/** Shared state in a database that speaks SQL. Leases are by its clock. */
export function sqlState(db: SqlDatabase): StateStore {
  return new SqlState(db);
}

class SqlState implements StateStore {
  readonly #db: SqlDatabase;
  #loaded: Promise<StateStatements> | undefined;
  readonly #turns = new Map<string, Promise<unknown>>();
  #isEmpty = true;

  constructor(db: SqlDatabase) {
    this.#db = db;
  }

  async read(space: string, keys: readonly string[]): Promise<readonly (StateEntry | undefined)[]> {
    if (keys.length === 0 || (await this.#hasNothing())) return keys.map(() => undefined);
    const hashes = keys.map(keyHash);
    const rows = await this.#db.run((await this.#statements()).read(space, hashes));
    const byHash = new Map(rows.map((row) => [String(row["key_hash"]), entryOf(row)]));
    return hashes.map((hash) => byHash.get(hash));
  }

  async snapshot(space: string): Promise<readonly StateEntry[]> {
    if (await this.#hasNothing()) return [];
    const rows = await this.#db.run((await this.#statements()).snapshot(space));
    return rows.map((row) => entryOf(row)).sort(byKey);
  }

  async commit(commit: StateCommit): Promise<StateAnswer> {
    const all = await this.#statements();
    return this.#alone(commit.space, (run) => commitState(all, run, commit));
  }

  async history(space: string, key: string): Promise<readonly StateEntry[]> {
    if (await this.#hasNothing()) return [];
    const all = await this.#statements();
    const rows = await this.#db.run(all.history({ space, keyHash: keyHash(key) }));
    return rows.map((row) => entryOf({ ...row, key }));
  }

  async lock(space: string, key: string, owner: string, leaseMs: number): Promise<LockAnswer> {
    const all = await this.#statements();
    const place = { space, keyHash: keyHash(key) };
    return this.#alone(space, async (run) => {
      const nowMs = await this.#db.now(run);
      const [row] = await run(all.locks(space, [place.keyHash]));
      const isOurs = row?.["owner"] === owner;
      const forMs = isOurs ? 0 : leftOf(row, nowMs);
      if (forMs > 0) return { kind: "held", owner: String(row?.["owner"]), forMs };
      const fence = Number(row?.["fence"] ?? 0) + (isOurs ? 0 : 1);
      await run(all.take(place, owner, fence, nowMs + leaseMs));
      return { kind: "locked", fence };
    });
  }

  async extend(space: string, key: string, fence: number, leaseMs: number): Promise<boolean> {
    const all = await this.#statements();
    return this.#alone(space, async (run) => {
      const nowMs = await this.#db.now(run);
      const changed = await run(all.extend({ space, keyHash: keyHash(key) }, fence, nowMs + leaseMs));
      return changed.length > 0;
    });
  }

  async unlock(space: string, key: string, fence: number): Promise<boolean> {
    const all = await this.#statements();
    return this.#alone(space, async (run) => {
      const changed = await run(all.release({ space, keyHash: keyHash(key) }, fence));
      return changed.length > 0;
    });
  }

  /**
   * One after the other in a space: a key that is not there yet has no row to lock, and who loses a lock must be refused from then on.
   * First of all in this process, so that those who wait for each other take no connections from others.
   */
  async #alone<T>(space: string, work: (run: RunSql) => Promise<T>): Promise<T> {
    const before = this.#turns.get(space);
    const turn = (async () => {
      await before?.catch(() => {});
      return this.#db.transaction(async (run) => {
        await this.#db.lock(run, `state:${space}`);
        return work(run);
      });
    })();
    this.#turns.set(space, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(space) === turn) this.#turns.delete(space);
    }
  }

  /** To read makes no tables. */
  async #hasNothing(): Promise<boolean> {
    this.#isEmpty &&= await this.#db.isEmpty();
    return this.#isEmpty;
  }

  #statements(): Promise<StateStatements> {
    this.#loaded ??= import("./state-statements.ts").then((module) =>
      module.stateStatements(this.#db.dialect),
    );
    return this.#loaded;
  }
}

/** Milliseconds that somebody still has the lock. */
function leftOf(row: SqlRow | undefined, nowMs: number): number {
  if (row === undefined || row["owner"] === null) return 0;
  const leftMs = Number(row["expires_ms"]) - nowMs;
  return leftMs <= MAX_LEASE_MS ? leftMs : 0;
}
