import type { CleanEntry } from "./clean-entry.ts";
import type { LedgerHead, LedgerRow } from "./ledger.ts";
import { NO_HASH, rowHash } from "./row-hash.ts";

export const EMPTY_HEAD: LedgerHead = { seq: 0, hash: NO_HASH };

/** An entry with its place in the chain. */
export interface LinkedEntry extends CleanEntry {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** Puts entries behind the head, in order. */
export function link(entries: readonly CleanEntry[], head: LedgerHead): readonly LinkedEntry[] {
  let { seq, hash: prevHash } = head;
  return entries.map((entry) => {
    seq += 1;
    const linked = { ...entry, seq, prevHash, hash: hashOf(entry, seq, prevHash) };
    prevHash = linked.hash;
    return linked;
  });
}

function hashOf(e: CleanEntry, seq: number, prevHash: string): string {
  return rowHash(
    [
      String(seq),
      String(e.atMs),
      e.kind,
      e.subject,
      e.from,
      e.to,
      e.cause,
      e.errorType,
      e.traceId,
      e.spanId,
      e.actor,
      e.payload,
    ],
    prevHash,
  );
}

/** As users see it: what is absent is not there, and the payload is data again. */
export function toRow(linked: LinkedEntry): LedgerRow {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(linked)) if (value !== null) row[name] = value;
  if (linked.payload !== null) row["payload"] = parsed(linked.payload);
  return row as unknown as LedgerRow;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Only what somebody has changed by hand. `verify` tells of it.
    return json;
  }
}
