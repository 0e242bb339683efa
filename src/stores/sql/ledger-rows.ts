import type { LinkedEntry } from "../ledger/chain.ts";
import type { LedgerSubject } from "../ledger/ledger.ts";
import type { HashedValue } from "../ledger/row-hash.ts";
import type { StoredRow } from "../ledger/verify-chain.ts";
import { LEDGER_TEXTS } from "./tables.ts";

/** A row as a driver gives it: whole numbers as numbers, or as text where they are 64 bits wide. */
export type SqlRow = Readonly<Record<string, unknown>>;

export function linkedEntry(row: SqlRow): LinkedEntry {
  const { seq, at_ms, from_state, to_state, error_type, trace_id, span_id, prev_hash, hash, ...same } = row;
  const { kind, subject, cause, actor, payload } = same;
  return {
    seq: Number(seq),
    atMs: Number(at_ms),
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

/** The values of one entry, in the order of LEDGER_COLUMNS. */
export function columnValues(r: LinkedEntry): readonly (string | number | null)[] {
  const states = [r.kind, r.subject, r.from, r.to, r.cause, r.errorType] as const;
  return [r.seq, r.atMs, ...states, r.traceId, r.spanId, r.actor, r.payload, r.prevHash, r.hash];
}

/** @param row Of the statement `page`. */
export function storedRow(row: SqlRow): StoredRow {
  const [seq, time] = [String(row["number"]), String(row["time"])];
  const texts = LEDGER_TEXTS.map((name) => row[name] as HashedValue);
  return {
    seq: BigInt(seq),
    values: [seq, time, ...texts],
    prevHash: String(row["prev_hash"]),
    hash: String(row["hash"]),
  };
}

/** @param row Of the statement `subjects`. */
export function subjectOf(row: SqlRow): LedgerSubject {
  const { lastState } = row;
  return {
    subject: String(row["subject"]),
    rows: Number(row["rows"]),
    failures: Number(row["failures"]),
    transitions: Number(row["transitions"]),
    lastAtMs: Number(row["lastAtMs"]),
    ...(typeof lastState === "string" && { lastState }),
  };
}
