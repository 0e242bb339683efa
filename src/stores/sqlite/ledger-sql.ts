import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { checkWhole } from "../../internal/check-number.ts";
import { EMPTY_HEAD, type LinkedEntry, toRow } from "../ledger/chain.ts";
import { cleanKind, cleanSubject } from "../ledger/clean-entry.ts";
import type { LedgerHead, LedgerQuery, LedgerRow, LedgerSubject, LedgerSummary } from "../ledger/ledger.ts";
import type { HashedValue } from "../ledger/row-hash.ts";
import type { StoredRow } from "../ledger/verify-chain.ts";

// Every statement is a constant: values are bound, and no name of a column ever comes from outside.
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
] as const;
const COLUMNS = `seq, at_ms, ${TEXTS.join(", ")}, prev_hash, hash`;
const INSERT = `INSERT INTO ledger (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const HEAD = "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1";
const HASH_OF = "SELECT hash FROM ledger WHERE seq = ?";
/** Texts as their bytes, since a string in JavaScript hides bytes that are no valid UTF-8. */
const STORED = `SELECT seq, at_ms, ${TEXTS.map((name) => `CAST(${name} AS BLOB) AS ${name}`).join(", ")},
  prev_hash, hash FROM ledger WHERE seq >= ? ORDER BY seq LIMIT ?`;
/** That SQLite knows: rows below 1 are no part of a ledger, and found all the same. */
export const LOWEST_SEQ = -(2n ** 63n);

export function readHead(db: DatabaseSync): LedgerHead {
  const row = db.prepare(HEAD).get();
  return row === undefined ? EMPTY_HEAD : { seq: Number(row["seq"]), hash: String(row["hash"]) };
}

export function hashOf(db: DatabaseSync, seq: number): string | undefined {
  const row = db.prepare(HASH_OF).get(seq);
  return row === undefined ? undefined : String(row["hash"]);
}

export function insertRows(db: DatabaseSync, rows: readonly LinkedEntry[]): void {
  const insert = db.prepare(INSERT);
  for (const r of rows) {
    const states = [r.kind, r.subject, r.from, r.to, r.cause, r.errorType] as const;
    insert.run(r.seq, r.atMs, ...states, r.traceId, r.spanId, r.actor, r.payload, r.prevHash, r.hash);
  }
}

/** @throws RangeError that names limit or before. */
export function readRows(db: DatabaseSync | undefined, query: LedgerQuery): readonly LedgerRow[] {
  const { kind, subject, limit = 100, before } = query;
  checkWhole("ledger: limit", limit, 1, 10_000);
  if (before !== undefined) checkWhole("ledger: before", before, 0);
  const where: string[] = [];
  const values: (string | number)[] = [];
  const by = (condition: string, value: string | number | undefined) => {
    if (value === undefined) return;
    where.push(condition);
    values.push(value);
  };
  by("kind = ?", kind === undefined ? undefined : cleanKind(text("kind", kind)));
  by("subject = ?", subject === undefined ? undefined : cleanSubject(text("subject", subject)));
  by("seq < ?", before);
  if (db === undefined) return [];
  const filter = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`;
  const found = db.prepare(`SELECT ${COLUMNS} FROM ledger ${filter} ORDER BY seq DESC LIMIT ?`);
  return found.all(...values, limit).map((row) => toRow(linkedEntry(row)));
}

export function readSummary(db: DatabaseSync | undefined): LedgerSummary {
  const total = db
    ?.prepare("SELECT count(*) AS rows, min(at_ms) AS first, max(at_ms) AS last FROM ledger")
    .get();
  if (db === undefined || total === undefined || total["rows"] === 0)
    return { rows: 0, kinds: [], subjects: [] };
  const kinds = db.prepare(
    "SELECT kind, count(*) AS rows FROM ledger GROUP BY kind ORDER BY rows DESC, kind LIMIT 100",
  );
  const subjects = db.prepare(`SELECT subject, count(*) AS rows, sum(kind = 'failure') AS failures,
    sum(kind = 'transition') AS transitions, max(at_ms) AS lastAtMs
    FROM ledger GROUP BY subject ORDER BY rows DESC, subject LIMIT 100`);
  return {
    rows: Number(total["rows"]),
    firstAtMs: Number(total["first"]),
    lastAtMs: Number(total["last"]),
    kinds: kinds.all().map((row) => ({ kind: String(row["kind"]), rows: Number(row["rows"]) })),
    subjects: subjects.all().map((row) => ({ ...row }) as unknown as LedgerSubject),
  };
}

/** The next rows of the chain, for its verification. @param from Lowest `seq`. */
export function storedRows(db: DatabaseSync, from: bigint, limit: number): readonly StoredRow[] {
  const rows = db.prepare(STORED);
  // A number beyond what JavaScript can count is a change like any other.
  rows.setReadBigInts(true);
  return rows.all(from, limit).map(storedRow);
}

function storedRow(row: Record<string, SQLOutputValue>): StoredRow {
  const values = [String(row["seq"]), String(row["at_ms"]), ...TEXTS.map((name) => row[name] as HashedValue)];
  return {
    seq: row["seq"] as bigint,
    values,
    prevHash: String(row["prev_hash"]),
    hash: String(row["hash"]),
  };
}

function linkedEntry(row: Record<string, SQLOutputValue>): LinkedEntry {
  const { seq, at_ms, from_state, to_state, error_type, trace_id, span_id, prev_hash, hash, ...same } = row;
  const { kind, subject, cause, actor, payload } = same;
  return {
    seq,
    atMs: at_ms,
    kind,
    subject,
    from: from_state,
    to: to_state,
    cause,
    errorType: error_type,
    traceId: trace_id,
    spanId: span_id,
    actor,
    payload,
    prevHash: prev_hash,
    hash,
  } as unknown as LinkedEntry;
}

function text(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(`ledger: ${name} must be a string, got ${typeof value}`);
}
