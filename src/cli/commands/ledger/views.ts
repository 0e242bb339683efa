import type { LedgerRow, LedgerSummary, LedgerVerdict } from "../../../stores/ledger/ledger.ts";
import { counted, formatCount } from "../../../telemetry/format-trace-numbers.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { type Column, type TableOptions, table } from "./table.ts";

/** Digits of a trace id that tell it from others, where there is no room for all. */
const ID_DIGITS = 8;
/** Below so many columns there is no room for any. */
const ID_COLUMNS = 100;
const MOST_SUBJECTS = 100;
const STATE_COLORS: Readonly<Record<string, string>> = {
  open: "\x1b[31m",
  forced_open: "\x1b[31m",
  half_open: "\x1b[33m",
  closed: "\x1b[32m",
};
const BREAKS = {
  changed_row: "a field of it is not what its hash says",
  broken_link: "the row before it is another one than when it was written",
  missing_row: "it is not there",
  truncated: "the anchor's row is not there any more, nor any after it",
  rewritten: "the chain is valid, and is not the one that was anchored",
} as const;

const SEQ: Column = { title: "SEQ", align: "right" };
const TIME: Column = { title: "TIME" };
const BREAKER: Column = { title: "BREAKER", share: 1 };

export function summaryView(summary: LedgerSummary, options: TableOptions): string {
  const { rows, firstAtMs = 0, lastAtMs = 0, kinds, subjects } = summary;
  if (rows === 0) return "The ledger is empty.\n";
  const columns: readonly Column[] = [
    BREAKER,
    { title: "STATE", share: 1, color: stateColor },
    { title: "FAILURES", align: "right" },
    { title: "TRANSITIONS", align: "right" },
    { title: "LAST ROW" },
  ];
  const lines = subjects.map(({ subject, lastState = "", failures, transitions, lastAtMs: last }) => [
    subject,
    lastState,
    formatCount(failures),
    formatCount(transitions),
    timeOf(last),
  ]);
  const byKind = kinds.map((each) => `${formatCount(each.rows)} ${printable(each.kind, 64)}`).join(", ");
  const head = `${counted(rows, "row")} from ${timeOf(firstAtMs)} to ${timeOf(lastAtMs)}\n${byKind}\n`;
  const tail = subjects.length < MOST_SUBJECTS ? "" : `\nThe ${MOST_SUBJECTS} with the most rows.\n`;
  return `${head}\n${table(columns, lines, options)}${tail}`;
}

export function failuresView(rows: readonly LedgerRow[], options: TableOptions): string {
  const columns = [
    ...[SEQ, TIME, BREAKER],
    { title: "ERROR", share: 1 },
    { title: "CAUSE", share: 2 },
    ...traceColumn(options),
  ];
  const lines = rows.map((row) => [
    ...placeOf(row),
    row.errorType ?? "",
    row.cause ?? "",
    ...traceOf(row, options),
  ]);
  return rows.length === 0 ? "No failures.\n" : table(columns, lines, options);
}

export function transitionsView(rows: readonly LedgerRow[], options: TableOptions): string {
  const columns: readonly Column[] = [
    SEQ,
    TIME,
    BREAKER,
    { title: "FROM", share: 1 },
    { title: "TO", share: 1, color: stateColor },
    { title: "WHY", share: 2 },
    ...traceColumn(options),
  ];
  const lines = rows.map((row) => [
    ...placeOf(row),
    row.from ?? "",
    row.to ?? "",
    whyOf(row),
    ...traceOf(row, options),
  ]);
  return rows.length === 0 ? "No transitions.\n" : table(columns, lines, options);
}

export function verdictView(verdict: LedgerVerdict): string {
  if (verdict.valid)
    return `Valid: ${counted(verdict.rows, "row")}.\nHead: ${verdict.head.seq}:${verdict.head.hash}\n`;
  const { kind, seq } = verdict.firstBreak;
  const before = verdict.rows === 0 ? "" : ` Rows before it that are right: ${formatCount(verdict.rows)}.`;
  return `Broken at row ${formatCount(seq)} (${kind}): ${BREAKS[kind]}.${before}\n`;
}

function placeOf({ seq, atMs, subject }: LedgerRow): readonly string[] {
  return [String(seq), timeOf(atMs), subject];
}

/** `forced by jane: upgrade of the model`. */
function whyOf({ payload, actor, cause }: LedgerRow): string {
  const reason = (payload as { reason?: unknown } | undefined)?.reason;
  const what = [typeof reason === "string" ? reason : "", actor === undefined ? "" : `by ${actor}`];
  const words = what.filter((word) => word !== "").join(" ");
  return [words, cause ?? ""].filter((part) => part !== "").join(": ");
}

function traceColumn({ width = ID_COLUMNS }: TableOptions): readonly Column[] {
  return width < ID_COLUMNS ? [] : [{ title: "TRACE" }];
}

function traceOf({ traceId = "" }: LedgerRow, options: TableOptions): readonly string[] {
  const shown = options.width === undefined ? traceId : traceId.slice(0, ID_DIGITS);
  return traceColumn(options).map(() => shown);
}

/** `2026-11-21 10:15:02Z`. */
function timeOf(ms: number): string {
  const date = new Date(ms);
  // Somebody may have written any number; a Date holds those up to the year 275760.
  if (Number.isNaN(date.getTime())) return "?";
  return date.toISOString().replace("T", " ").replace(/\..*/, "Z");
}

function stateColor(state: string): string | undefined {
  return STATE_COLORS[state];
}
