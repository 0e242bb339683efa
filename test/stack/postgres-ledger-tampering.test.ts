import { createHash } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ledger, LedgerHead } from "../../src/stores/ledger/ledger.ts";
import { postgresLedger } from "../../src/stores/postgres/postgres-ledger.ts";
import { type LedgerReader, sqlLedgerReader } from "../../src/stores/sql/sql-ledger-reader.ts";
import { LEDGER_COLUMNS } from "../../src/stores/sql/tables.ts";
import { entry } from "../faults/support/tampered-entry.ts";
import { ROW_TAMPERINGS, type Row } from "./programs/postgres-ledger-tamperings.ts";
import { seeded } from "./support/random.ts";
import { type Stack, stackUp } from "./support/stack.ts";

const TRIES = 10_000;
const BEGIN = "BEGIN; ALTER TABLE agent_otel_ledger DISABLE TRIGGER ALL; SAVEPOINT untouched";
const ROWS = 40;
const INSERT = `INSERT INTO agent_otel_ledger (${LEDGER_COLUMNS.join(", ")}) SELECT * FROM unnest(${LEDGER_COLUMNS.map(
  (name, i) => `$${i + 1}::${name === "seq" || name === "at_ms" ? "bigint" : "text"}[]`,
).join(", ")})`;

describe(`${TRIES.toLocaleString("en-US")} tamperings with a ledger of ${ROWS} rows in PostgreSQL`, () => {
  let stack: Stack;
  let ledger: Ledger;
  let head: LedgerHead;
  /** A superuser with the triggers off, in a transaction that is never committed: to undo is to go back to its savepoint. */
  let owner: pg.Client;
  let seen: LedgerReader;

  beforeAll(async () => {
    stack = await stackUp(23_650, ["postgres"]);
    const url = stack.endpoint("postgres", "postgres");
    ledger = postgresLedger({ url, policy: "fail_closed", groupMs: 0 });
    await Promise.all(Array.from({ length: ROWS }, (_, i) => ledger.append(entry(i))));
    head = await ledger.head();
    owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await owner.query(BEGIN);
    seen = sqlLedgerReader(
      "postgres",
      async ({ sql, parameters }) => (await owner.query(sql, [...parameters])).rows,
    );
  });

  afterAll(async () => {
    await owner?.query("ROLLBACK");
    await owner?.end();
    await ledger?.close();
    await stack?.down();
  });

  const replaceAll = async (rows: readonly Row[]) => {
    await owner.query("DELETE FROM agent_otel_ledger");
    await owner.query(
      INSERT,
      LEDGER_COLUMNS.map((name) => rows.map((row) => row[name])),
    );
  };

  /** What is undone stays in the table as garbage, and slows it down. */
  const sweep = async () => {
    await owner.query("ROLLBACK");
    await owner.query("VACUUM agent_otel_ledger");
    await owner.query(BEGIN);
  };

  it("are all found, and the ledger is valid again once they are undone", async () => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    const random = seeded(seed);
    const dice = (below: number) => Math.trunc(random() * below);
    const columns = LEDGER_COLUMNS.map((name) => `${name}::text`).join(", ");
    const { rows } = await owner.query<Row>(`SELECT ${columns} FROM agent_otel_ledger ORDER BY seq::bigint`);
    await replaceAll(rows);
    expect(await seen.verify({ anchor: head })).toMatchObject({ valid: true, rows: ROWS });
    const kinds: Record<string, number> = {};
    const missed: string[] = [];
    for (let i = 0; i < TRIES; i++) {
      const { name, needsAnchor, apply } = ROW_TAMPERINGS[i % ROW_TAMPERINGS.length]!;
      await replaceAll(apply(rows, dice));
      const verdict = await seen.verify(needsAnchor ? { anchor: head } : {});
      if (verdict.valid) missed.push(`${i}: ${name}`);
      else kinds[verdict.firstBreak.kind] = (kinds[verdict.firstBreak.kind] ?? 0) + 1;
      await owner.query("ROLLBACK TO untouched");
      if (i % 250 === 0) await sweep();
    }
    console.log(
      `seed ${seed}: ${TRIES} tamperings, ${missed.length} missed, found as ${JSON.stringify(kinds)}`,
    );
    expect(missed).toEqual([]);
    expect(await seen.verify({ anchor: head })).toMatchObject({ valid: true, rows: ROWS });
  }, 600_000);

  it("would be missed by hashes that are not chained", async () => {
    const { rows: chained } = await owner.query<Row>("SELECT * FROM agent_otel_ledger ORDER BY seq");
    const rows = chained.map((row) => ({ ...row, prev_hash: "", hash: contentHash(row) }));
    const random = seeded(1);
    const missed = ROW_TAMPERINGS.filter(({ apply }) =>
      apply(rows, (below) => Math.trunc(random() * below)).every((row) => row["hash"] === contentHash(row)),
    ).map(({ name }) => name);
    expect(missed).toEqual(
      expect.arrayContaining(["rows deleted", "two rows swapped with their hashes", "the end cut off"]),
    );
  });
});

function contentHash({ seq, prev_hash, hash, ...content }: Row): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
