import type { LedgerRow } from "../../stores/ledger/ledger.ts";
import type { LedgerLine } from "../api/agents.ts";

/** A row of a ledger, as it is answered. */
export function ledgerLine(row: LedgerRow): LedgerLine {
  return {
    time: new Date(row.atMs).toISOString(),
    kind: row.kind,
    breaker: row.subject,
    from: row.from ?? null,
    to: row.to ?? null,
    reason: reasonOf(row.payload) ?? row.cause ?? null,
    error_type: row.errorType ?? null,
    actor: row.actor ?? null,
    trace_id: row.traceId ?? null,
  };
}

function reasonOf(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null || !("reason" in payload)) return undefined;
  return typeof payload.reason === "string" ? payload.reason : undefined;
}
