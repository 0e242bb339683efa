import type { CompiledQuery } from "kysely";
import type { SqlDialect } from "./compiler.ts";
import type { SqlRow } from "./ledger-rows.ts";

/** A statement as the builder compiles it: its values are parameters. */
export type Statement = Pick<CompiledQuery, "sql" | "parameters">;

/** Runs one statement. Who wants to know how many rows it changed has it return them. */
export type RunSql = (statement: Statement) => Promise<readonly SqlRow[]>;

/** A database of either kind, so that what is done in it is written once. */
export interface SqlDatabase {
  readonly dialect: SqlDialect;
  /** Which one, as it may be shown: no password in it. */
  readonly shown: string;
  /** One statement by itself. @throws StoreUnusableError, StoreTooNewError; what the database says. */
  readonly run: RunSql;
  /**
   * All or nothing. Within `work` wait for nothing but `run`: SQLite is locked for all meanwhile. On PostgreSQL, at READ COMMITTED, take
   * the lock of a row or `lock` before you decide by what you read.
   *
   * @throws as `run`, and what `work` throws; nothing was written then, unless it was the answer to the COMMIT that was lost.
   */
  transaction<T>(work: (run: RunSql) => Promise<T>): Promise<T>;
  /** Within a transaction, until its end: nobody else is in one that has the same name. On SQLite that is so anyhow. */
  lock(run: RunSql, name: string): Promise<void>;
  /** Milliseconds since the epoch, by the clock that all who share the database share. */
  now(run: RunSql): Promise<number>;
  /** Whether nothing was ever written. Asking makes nothing. */
  isEmpty(): Promise<boolean>;
  /** Safe to call twice. */
  close(): Promise<void>;
}
