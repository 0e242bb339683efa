import type { RunSql, SqlDatabase } from "../sql/sql-database.ts";
import { namedLockStatement } from "./locks.ts";
import type { PostgresDatabase, Query } from "./postgres-database.ts";

const NOW = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms";

type Database = Pick<PostgresDatabase, "shown" | "query" | "transaction" | "isEmpty" | "close">;

/** A PostgreSQL server, by its own clock. */
export function postgresSql(database: Database): SqlDatabase {
  const runWith =
    (query: Query): RunSql =>
    ({ sql, parameters }) =>
      query(sql, parameters);
  return {
    dialect: "postgres",
    shown: database.shown,
    run: runWith((sql, values) => database.query(sql, values)),
    transaction: (work) => database.transaction((query) => work(runWith(query))),
    async lock(run, name) {
      await run(namedLockStatement(name));
    },
    async now(run) {
      const [row] = await run({ sql: NOW, parameters: [] });
      return Number(row?.["now_ms"]);
    },
    isEmpty: () => database.isEmpty(),
    close: () => database.close(),
  };
}
