import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { Tables } from "./tables.ts";

// Loading the builder takes tens of milliseconds: import this file, and those that import it, when a store is first read.

export type SqlDialect = "sqlite" | "postgres";
/** Builds statements. It has no connection: what it compiles is run elsewhere. */
export type Builder = Kysely<Tables>;

/** A database of PostgreSQL is shared with other programs, so our tables have a name of their own in it. */
const PREFIX: Readonly<Record<SqlDialect, string>> = { sqlite: "", postgres: "agent_otel_" };

/** Names of columns come from `Tables` alone, and every value becomes a parameter. */
export function builderFor(dialect: SqlDialect): Builder {
  return new Kysely<Tables>({ dialect: dialect === "sqlite" ? SQLITE : POSTGRES });
}

/** A table under an alias, for `selectFrom` and joins. */
export function tableOf<Name extends keyof Tables, Alias extends string>(
  dialect: SqlDialect,
  name: Name,
  alias: Alias,
): `${Name} as ${Alias}` {
  // The types know it by its name without the prefix.
  return `${PREFIX[dialect]}${name} as ${alias}` as `${Name} as ${Alias}`;
}

/** A table by its own name, for statements on one table. */
export function tableNamed<Name extends keyof Tables>(dialect: SqlDialect, name: Name): Name {
  return `${PREFIX[dialect]}${name}` as Name;
}

const SQLITE = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};

const POSTGRES = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
