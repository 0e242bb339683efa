import { type CompiledQuery, type ExpressionBuilder, type RawBuilder, sql } from "kysely";
import type { CheckedLedgerQuery } from "../ledger/ledger-query.ts";
import { builderFor, type SqlDialect, tableOf } from "./compiler.ts";
import { LEDGER_COLUMNS, LEDGER_TEXTS, type Tables } from "./tables.ts";

export type Statement = Pick<CompiledQuery, "sql" | "parameters">;

/** What a ledger is asked for, the same on every SQL store. */
export interface LedgerStatements {
  head(): Statement;
  read(query: CheckedLedgerQuery): Statement;
  totals(): Statement;
  kinds(): Statement;
  subjects(): Statement;
  /** Rows as their bytes stand in the store, from a number on. */
  page(from: bigint, limit: number): Statement;
}

/** Of kinds and subjects in a summary. */
const MOST = 100;

export function ledgerStatements(dialect: SqlDialect): LedgerStatements {
  const db = builderFor(dialect);
  const rows = () => db.selectFrom(tableOf(dialect, "ledger", "ledger"));
  return {
    head: () => rows().select(["seq", "hash"]).orderBy("seq", "desc").limit(1).compile(),
    read: ({ kind, subject, limit, before }) =>
      rows()
        .select([...LEDGER_COLUMNS])
        .$if(kind !== undefined, (found) => found.where("kind", "=", kind!))
        .$if(subject !== undefined, (found) => found.where("subject", "=", subject!))
        .$if(before !== undefined, (found) => found.where("seq", "<", before!))
        .orderBy("seq", "desc")
        .limit(limit)
        .compile(),
    totals: () =>
      rows()
        .select(({ fn }) => [
          fn.countAll().as("rows"),
          fn.min("at_ms").as("firstAtMs"),
          fn.max("at_ms").as("lastAtMs"),
        ])
        .compile(),
    kinds: () =>
      rows()
        .select(({ fn }) => ["kind", fn.countAll().as("rows")])
        .groupBy("kind")
        .orderBy("rows", "desc")
        .orderBy("kind")
        .limit(MOST)
        .compile(),
    subjects: () => subjects(dialect),
    page: (from, limit) =>
      rows()
        .select((eb) => [
          // A number beyond what JavaScript can count is a change like any other.
          eb.cast<string>("seq", "text").as("number"),
          eb.cast<string>("at_ms", "text").as("time"),
          ...LEDGER_TEXTS.map((name) => bytes(eb, dialect, name).as(name)),
          "prev_hash",
          "hash",
        ])
        .where("seq", ">=", from as unknown as number)
        .orderBy("seq")
        .limit(limit)
        .compile(),
  };
}

function subjects(dialect: SqlDialect): Statement {
  const db = builderFor(dialect);
  const bySubject = db
    .selectFrom(tableOf(dialect, "ledger", "ledger"))
    .select(({ fn }) => [
      "subject",
      fn.countAll().as("rows"),
      fn.countAll().filterWhere("kind", "=", "failure").as("failures"),
      fn.countAll().filterWhere("kind", "=", "transition").as("transitions"),
      fn.max("at_ms").as("lastAtMs"),
      fn.max("seq").filterWhere("to_state", "is not", null).as("changed"),
    ])
    .groupBy("subject")
    .orderBy("rows", "desc")
    .orderBy("subject")
    .limit(MOST)
    .as("grouped");
  return db
    .selectFrom(bySubject)
    .leftJoin(tableOf(dialect, "ledger", "change"), "change.seq", "grouped.changed")
    .selectAll("grouped")
    .select("change.to_state as lastState")
    .orderBy("grouped.rows", "desc")
    .orderBy("grouped.subject")
    .compile();
}

/** SQLite keeps bytes that are no valid UTF-8, which a string in JavaScript would hide. PostgreSQL refuses them. */
function bytes(
  eb: ExpressionBuilder<Tables, "ledger">,
  dialect: SqlDialect,
  name: (typeof LEDGER_TEXTS)[number],
): RawBuilder<Uint8Array | string | null> {
  const text = eb.ref(name);
  return dialect === "sqlite" ? sql`cast(${text} as blob)` : sql`${text}`;
}
