import type { BreakerDriver, Instance, OperatorRecord } from "../breakers/breaker-driver.ts";
import type { OperatorState } from "../breakers/breaker-store.ts";
import * as statements from "./postgres-breaker-sql.ts";
import type { PostgresDatabase, PostgresRow, Query } from "./postgres-database.ts";

type Database = Pick<PostgresDatabase, "shown" | "query" | "transaction" | "listen" | "close">;

/** Breaker state in PostgreSQL: one row for each name, one for each instance, and a channel that says what has changed. */
export function postgresBreakerDriver(database: Database): BreakerDriver {
  return {
    name: database.shown,
    async operate(name, { state, ageMs, by, seen }) {
      // In a transaction, because it begins when there is a connection.
      return database.transaction(async (query) => {
        await query(statements.OPERATE, [name, state, Math.round(ageMs()), by, seen]);
        return (await readOperators(query, [name])).get(name)!;
      });
    },
    async restore(name, { state, version, by }) {
      await database.query(statements.RESTORE, [name, state, version, by]);
    },
    async beat(beats, ttlMs) {
      const names = beats.map(({ name }) => name);
      const instances = beats.map(({ instance }) => instance);
      const open = beats.map(({ openMs }) => Math.round(openMs));
      await database.query(statements.BEAT, [names, instances, open, Math.round(ttlMs)]);
      await database.query(statements.FORGET);
      const changed = beats.filter((beat) => beat.changed).map(({ name }) => name);
      if (changed.length > 0) await database.query(statements.TELL, [changed]);
    },
    async leave(all) {
      const names = all.map(({ name }) => name);
      await database.query(statements.LEAVE, [names, all.map(({ instance }) => instance)]);
    },
    async read(names) {
      const operators = await readOperators((sql, values) => database.query(sql, values), names);
      const living = await readInstances(database, names);
      return new Map(
        names.map((name) => [name, { operator: operators.get(name), instances: living.get(name) ?? [] }]),
      );
    },
    async listen({ changed, missed }) {
      await database.listen(statements.CHANNEL, changed, missed);
    },
    close: () => database.close(),
  };
}

async function readOperators(
  query: Query,
  names: readonly string[],
): Promise<ReadonlyMap<string, OperatorRecord>> {
  const rows = await query(statements.READ_OPERATORS, [names]);
  return new Map(rows.map((row) => [String(row["name"]), operatorOf(row)]));
}

function operatorOf(row: PostgresRow): OperatorRecord {
  return {
    state: row["state"] as OperatorState,
    version: Number(row["version"]),
    ageMs: Number(row["age"]),
    by: String(row["instance"]),
  };
}

async function readInstances(
  database: Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly Instance[]>> {
  const living = new Map<string, Instance[]>(names.map((name) => [name, []]));
  for (const row of await database.query(statements.READ_INSTANCES, [names]))
    living.get(String(row["name"]))?.push({ instance: String(row["instance"]), openMs: Number(row["open"]) });
  return living;
}
