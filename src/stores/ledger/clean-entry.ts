import { redactKnownShapes } from "../../internal/redact/known-shapes.ts";
import { cutText, redactMessage } from "../../internal/redact.ts";
import { cleanPayload } from "./clean-payload.ts";
import type { LedgerEntry } from "./ledger.ts";
import { plainText } from "./plain-text.ts";

/** What is looked at of a name. */
const MAX_INPUT = 1_024;
const MAX_KIND = 64;
const MAX_NAME = 128;
const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** An entry that may be kept: cleaned, cut, and a copy. Absent is `null`, as in the store. */
export interface CleanEntry {
  readonly atMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly cause: string | null;
  readonly errorType: string | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly actor: string | null;
  /** JSON. */
  readonly payload: string | null;
}

/** @throws TypeError that names the field and value at fault. */
export function cleanEntry(entry: LedgerEntry, atMs: number): CleanEntry {
  return {
    atMs: Math.trunc(atMs),
    kind: cleanKind(required("kind", entry.kind)),
    subject: cleanSubject(required("subject", entry.subject)),
    from: optional(entry.from, MAX_KIND),
    to: optional(entry.to, MAX_KIND),
    cause: typeof entry.cause === "string" ? redactMessage(plainText(entry.cause)).toWellFormed() : null,
    errorType: optional(entry.errorType, MAX_NAME),
    traceId: matching(TRACE_ID, entry.traceId),
    spanId: matching(SPAN_ID, entry.spanId),
    actor: optional(entry.actor, MAX_NAME),
    payload: cleanPayload(entry.payload) ?? null,
  };
}

/** Also for a query, so that what was cut or cleaned is found under its whole name. */
export function cleanKind(kind: string): string {
  return cleanName(kind, MAX_KIND);
}

export function cleanSubject(subject: string): string {
  return cleanName(subject, MAX_NAME);
}

/** Keys are taken out; addresses and long ids stay, since a name that is unreadable names nobody. */
function cleanName(name: string, maxLength: number): string {
  return cutText(redactKnownShapes(plainText(name.slice(0, MAX_INPUT))), maxLength).toWellFormed();
}

function required(field: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError(
    `ledger: ${field} must be a string that is not empty, got ${value === "" ? '""' : typeof value}`,
  );
}

function optional(value: unknown, maxLength: number): string | null {
  return typeof value === "string" ? cleanName(value, maxLength) : null;
}

function matching(pattern: RegExp, value: unknown): string | null {
  return typeof value === "string" && pattern.test(value) ? value : null;
}
