import { trace } from "@opentelemetry/api";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import type { Ledger, LedgerEntry } from "../../stores/ledger/ledger.ts";
import { errorType } from "../../telemetry/error-type.ts";
import type { TimeoutOptions } from "../timeout.ts";
import type { Escalation } from "./incident.ts";
import { timeLimit } from "./time-limit.ts";

/** A ledger that hangs must not keep the human from knowing. */
const LEDGER_MS = 5_000;

/** Resolves when the row is durable. Where that fails it is reported once, and this resolves as well: the human is told in any case. */
export async function recordEscalation(
  ledger: Pick<Ledger, "append"> | undefined,
  escalation: Escalation,
  timers: TimeoutOptions,
): Promise<void> {
  if (ledger === undefined) return;
  const entry = entryOf(escalation);
  try {
    await timeLimit("ledger", LEDGER_MS, timers).execute(() => ledger.append(entry));
  } catch (error) {
    reportFailure("writing an escalation to the ledger", error);
  }
}

function entryOf({ ticket, name, message, error }: Escalation): LedgerEntry {
  return {
    kind: "escalation",
    subject: name ?? "unnamed",
    cause: message,
    errorType: errorType(error),
    payload: { ticket },
    ...activeSpanIds(),
  };
}

function activeSpanIds(): Pick<LedgerEntry, "traceId" | "spanId"> {
  let ids = {};
  safely("reading the active span", () => {
    const span = trace.getActiveSpan()?.spanContext();
    if (span !== undefined) ids = { traceId: span.traceId, spanId: span.spanId };
  });
  return ids;
}
