import { BadCursorError } from "../../errors/bad-cursor-error.ts";
import type { Ledger } from "../../stores/ledger/ledger.ts";
import type { LedgerSource } from "../sources/sources.ts";
import { ledgerLine } from "../views/ledger-line.ts";

const CURSOR = /^[1-9]\d{0,14}$/;

/** Pages of a ledger by the numbers of its rows, so that rows which come meanwhile move nothing. */
export function ledgerSource(ledger: Pick<Ledger, "read">): LedgerSource {
  return {
    list: async ({ limit, cursor, breaker, kind }) => {
      if (cursor !== undefined && !CURSOR.test(cursor)) throw new BadCursorError();
      const rows = await ledger.read({
        // One more than is shown tells whether there is another page.
        limit: limit + 1,
        ...(cursor !== undefined && { before: Number(cursor) }),
        ...(breaker !== undefined && { subject: breaker }),
        ...(kind !== undefined && { kind }),
      });
      const items = rows.slice(0, limit);
      const next = rows.length > limit ? items.at(-1)?.seq : undefined;
      return { items: items.map(ledgerLine), next: next === undefined ? undefined : String(next) };
    },
  };
}
