import { ledgerSource } from "../in-process/ledger-source.ts";
import type { LedgerSource } from "../sources/sources.ts";
import type { SharedPlace } from "./shared-place.ts";

/** Tells a cursor of the ledger from one of what spans tell. */
const MARK = "ledger.";

/** The audit ledger of the application where it keeps one; else what its spans tell of breakers. */
export function sharedLedger(told: LedgerSource, place: SharedPlace): LedgerSource {
  return {
    async list(query) {
      const { cursor } = query;
      const { ledger } = place;
      if (ledger === undefined || (cursor !== undefined && !cursor.startsWith(MARK))) return told.list(query);
      const { items, next } = await ledgerSource(ledger).list({
        ...query,
        cursor: cursor?.slice(MARK.length),
      });
      if (items.length === 0 && cursor === undefined) return told.list(query);
      return { items, next: next === undefined ? undefined : `${MARK}${next}` };
    },
  };
}
