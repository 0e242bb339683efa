// Changes a ledger as somebody would who can write to its file: on a connection of his own, with the triggers dropped.
import { DatabaseSync } from "node:sqlite";
import { EMPTY_HEAD, link } from "../../../src/stores/ledger/chain.ts";
import type { CleanEntry } from "../../../src/stores/ledger/clean-entry.ts";
import type { LedgerHead } from "../../../src/stores/ledger/ledger.ts";
import { insertRows, readHead } from "../../../src/stores/sqlite/ledger-sql.ts";

const TEXTS = [
  "kind",
  "subject",
  "from_state",
  "to_state",
  "cause",
  "error_type",
  "trace_id",
  "span_id",
  "actor",
  "payload",
  "prev_hash",
  "hash",
] as const;
/** What a row says, without its number and without its place in the chain. */
const CONTENT = ["at_ms", ...TEXTS.slice(0, -2)];
const OPTIONAL = TEXTS.slice(2, -2);

/** A number from 0 up to, and without, `below`. */
export type Dice = (below: number) => number;

export interface Tampering {
  readonly name: string;
  /** Whether only an anchor can show it. */
  readonly needsAnchor: boolean;
  /** Changes something for certain. */
  apply(db: DatabaseSync, rows: number, dice: Dice): void;
}

/** A connection that may do what the ledger's own may not. Syncs nothing, since it is put back thousands of times. */
export function openToTamper(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  db.exec(`PRAGMA synchronous = OFF;
    DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete; DROP TRIGGER ledger_no_replace`);
  keepBackup(db);
  return db;
}

/** Remembers the rows as they are now. */
export function keepBackup(db: DatabaseSync): void {
  db.exec("DROP TABLE IF EXISTS temp.backup; CREATE TEMP TABLE backup AS SELECT * FROM ledger");
}

export function putBack(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE; DELETE FROM ledger; INSERT INTO ledger SELECT * FROM temp.backup; COMMIT");
}

export const TAMPERINGS: readonly Tampering[] = [
  { name: "a byte of a text changed", needsAnchor: false, apply: changeByte },
  { name: "a byte of a text taken out or put in", needsAnchor: false, apply: changeLength },
  {
    name: "an empty text in place of none, or none in place of a text",
    needsAnchor: false,
    apply: changeAbsence,
  },
  { name: "a text moved into the next field", needsAnchor: false, apply: moveText },
  { name: "a number changed", needsAnchor: false, apply: changeNumber },
  { name: "rows deleted", needsAnchor: false, apply: (db, rows, dice) => deleteRows(db, rows, dice, false) },
  {
    name: "rows deleted, the rest numbered anew",
    needsAnchor: false,
    apply: (db, rows, dice) => deleteRows(db, rows, dice, true),
  },
  {
    name: "two rows swapped",
    needsAnchor: false,
    apply: (db, rows, dice) => swapRows(db, rows, dice, CONTENT),
  },
  {
    name: "two rows swapped with their hashes",
    needsAnchor: false,
    apply: (db, rows, dice) => swapRows(db, rows, dice, ["at_ms", ...TEXTS]),
  },
  { name: "a row put in twice", needsAnchor: false, apply: repeatRow },
  {
    name: "a row changed, its hash and the next row's link put right",
    needsAnchor: false,
    apply: (db, rows, dice) => relink(db, 1 + dice(rows - 1), true),
  },
  {
    name: "a row changed, and its hash put right",
    needsAnchor: false,
    apply: (db, rows, dice) => relink(db, 1 + dice(rows - 1), false),
  },
  { name: "the end cut off", needsAnchor: true, apply: cutOff },
  { name: "all written anew from a changed row on", needsAnchor: true, apply: rewrite },
];

function changeByte(db: DatabaseSync, rows: number, dice: Dice): void {
  editText(db, rows, dice, (bytes) => {
    const at = dice(bytes.length);
    bytes[at] = bytes[at]! ^ (1 + dice(255));
    return bytes;
  });
}

function changeLength(db: DatabaseSync, rows: number, dice: Dice): void {
  editText(db, rows, dice, (bytes) => {
    const at = dice(bytes.length);
    const extra = dice(2) === 0 ? [] : [bytes[at]!, 32 + dice(90)];
    return Uint8Array.from([...bytes.subarray(0, at), ...extra, ...bytes.subarray(at + 1)]);
  });
}

function editText(db: DatabaseSync, rows: number, dice: Dice, edit: (bytes: Uint8Array) => Uint8Array): void {
  for (;;) {
    const [column, seq] = [TEXTS[dice(TEXTS.length)]!, 1 + dice(rows)];
    const found = db.prepare(`SELECT CAST(${column} AS BLOB) AS bytes FROM ledger WHERE seq = ?`).get(seq);
    const bytes = found?.["bytes"] as Uint8Array | null;
    if (bytes === null || bytes.length === 0) continue;
    db.prepare(`UPDATE ledger SET ${column} = CAST(? AS TEXT) WHERE seq = ?`).run(edit(bytes), seq);
    return;
  }
}

function changeAbsence(db: DatabaseSync, rows: number, dice: Dice): void {
  const column = OPTIONAL[dice(OPTIONAL.length)]!;
  const sql = `UPDATE ledger SET ${column} = CASE WHEN ${column} IS NULL THEN '' ELSE NULL END WHERE seq = ?`;
  db.prepare(sql).run(1 + dice(rows));
}

function moveText(db: DatabaseSync, rows: number, dice: Dice): void {
  const at = dice(OPTIONAL.length - 1);
  const [from, to] = [OPTIONAL[at]!, OPTIONAL[at + 1]!];
  const change = db.prepare(
    `UPDATE ledger SET ${to} = ${from} || coalesce(${to}, ''), ${from} = NULL WHERE seq = ? AND ${from} IS NOT NULL`,
  );
  if (change.run(1 + dice(rows)).changes === 0) changeAbsence(db, rows, dice);
}

function changeNumber(db: DatabaseSync, rows: number, dice: Dice): void {
  const seq = 1 + dice(rows);
  if (dice(2) === 0) {
    db.prepare("UPDATE ledger SET at_ms = at_ms + ? WHERE seq = ?").run(1 + dice(2 ** 31), seq);
    return;
  }
  // Beyond the end, or far beyond what JavaScript can count to.
  const far = dice(2) === 0 ? BigInt(rows + 1 + dice(1_000)) : 2n ** 62n;
  db.prepare("UPDATE ledger SET seq = ? WHERE seq = ?").run(far, seq);
}

function deleteRows(db: DatabaseSync, rows: number, dice: Dice, renumber: boolean): void {
  const from = 1 + dice(rows - 1);
  // The last row stays: without it this would be an end that was cut off.
  const count = 1 + dice(Math.min(5, rows - from));
  db.prepare("DELETE FROM ledger WHERE seq >= ? AND seq < ?").run(from, from + count);
  if (renumber) shift(db, from, -count);
}

function swapRows(db: DatabaseSync, rows: number, dice: Dice, columns: readonly string[]): void {
  const first = 1 + dice(rows);
  const second = 1 + ((first + dice(rows - 1)) % rows);
  const list = columns.join(", ");
  const set = db.prepare(
    `UPDATE ledger SET (${list}) = (SELECT ${list} FROM temp.backup WHERE backup.seq = ?) WHERE seq = ?`,
  );
  set.run(second, first);
  set.run(first, second);
}

function repeatRow(db: DatabaseSync, rows: number, dice: Dice): void {
  const seq = 1 + dice(rows);
  shift(db, seq + 1, 1);
  const list = ["at_ms", ...TEXTS].join(", ");
  db.prepare(`INSERT INTO ledger (seq, ${list}) SELECT seq + 1, ${list} FROM ledger WHERE seq = ?`).run(seq);
}

function cutOff(db: DatabaseSync, rows: number, dice: Dice): void {
  db.prepare("DELETE FROM ledger WHERE seq > ?").run(dice(rows));
}

/** With the package's own code, for one row: only the next row knows better. */
function relink(db: DatabaseSync, seq: number, withLink: boolean): void {
  const head = db.prepare("SELECT seq, hash FROM ledger WHERE seq = ?").get(seq - 1) as
    | LedgerHead
    | undefined;
  const [row] = entriesFrom(db, seq);
  const linked = link([{ ...row!, actor: "nobody" }], head ?? EMPTY_HEAD);
  db.prepare("DELETE FROM ledger WHERE seq = ?").run(seq);
  insertRows(db, linked);
  if (withLink) db.prepare("UPDATE ledger SET prev_hash = ? WHERE seq = ?").run(linked[0]!.hash, seq + 1);
}

/** With the package's own code: what he leaves is a valid chain. */
function rewrite(db: DatabaseSync, rows: number, dice: Dice): void {
  const seq = 1 + dice(rows);
  const [first, ...others] = entriesFrom(db, seq);
  db.prepare("DELETE FROM ledger WHERE seq >= ?").run(seq);
  insertRows(db, link([{ ...first!, actor: "nobody" }, ...others], readHead(db)));
}

function entriesFrom(db: DatabaseSync, seq: number): readonly CleanEntry[] {
  const rows = db.prepare("SELECT * FROM ledger WHERE seq >= ? ORDER BY seq").all(seq);
  return rows.map(({ at_ms, from_state, to_state, error_type, trace_id, span_id, ...same }) => {
    const names = { atMs: at_ms, from: from_state, to: to_state, errorType: error_type };
    return { ...same, ...names, traceId: trace_id, spanId: span_id } as unknown as CleanEntry;
  });
}

/** Through numbers that are not taken, since each is there once. */
function shift(db: DatabaseSync, from: number, by: number): void {
  db.prepare("UPDATE ledger SET seq = seq + 1000000 WHERE seq >= ?").run(from);
  db.prepare("UPDATE ledger SET seq = seq - 1000000 + ? WHERE seq >= 1000000").run(by);
}
