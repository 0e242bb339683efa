import { SharedBreakers } from "../breakers/shared-breakers.ts";
import { sqlCheckpoints } from "../sql/sql-checkpoints.ts";
import { sqlLetters } from "../sql/sql-letters.ts";
import { sqlState } from "../sql/sql-state.ts";
import type { Store } from "../store.ts";
import { postgresBreakerDriver } from "./postgres-breaker-driver.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { postgresSql } from "./postgres-sql.ts";
import { postgresUsage } from "./postgres-usage.ts";

/**
 * State that processes share through one PostgreSQL database. Needs the package `pg`. All tables begin with `agent_otel_`.
 *
 * @param url Such as `postgres://user:password@host:5432/database`.
 * @throws TypeError on another URL. The server is connected to when first needed, in the background.
 */
export function postgresStore(url: string): Store {
  const database = new PostgresDatabase(url);
  const breakers = new SharedBreakers(postgresBreakerDriver(database));
  return {
    name: database.shown,
    breakers,
    usage: postgresUsage(database),
    state: sqlState(postgresSql(database)),
    checkpoints: sqlCheckpoints(postgresSql(database)),
    deadLetters: sqlLetters(postgresSql(database)),
    close: () => breakers.close(),
  };
}
