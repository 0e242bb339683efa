import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

const CONTENT =
  "at_ms, kind, subject, from_state, to_state, cause, error_type, trace_id, span_id, actor, payload";

/** Gives every row a hash of its own content, and of nothing around it. */
export function hashUnchained(db: DatabaseSync): void {
  const set = db.prepare("UPDATE ledger SET hash = ?, prev_hash = '' WHERE seq = ?");
  for (const row of db.prepare("SELECT seq FROM ledger").all())
    set.run(contentHash(db, row["seq"]), row["seq"] as number);
}

/** Whether each row is what its hash says. */
export function verifyUnchained(db: DatabaseSync): boolean {
  const rows = db.prepare("SELECT CAST(seq AS TEXT) AS seq, hash FROM ledger").all();
  return rows.every((row) => row["hash"] === contentHash(db, row["seq"]));
}

function contentHash(db: DatabaseSync, seq: unknown): string {
  const row = db.prepare(`SELECT ${CONTENT} FROM ledger WHERE seq = CAST(? AS INTEGER)`).get(seq as string);
  return createHash("sha256").update(Object.values(row!).join("")).digest("hex");
}
