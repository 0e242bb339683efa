import { counted, formatCount } from "../../../telemetry/format-trace-numbers.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import type { DeadLetter, DeadLetterSummary, ReplayReport } from "../../../work/dead-letter-queue.ts";
import { type Column, type TableOptions, table } from "../ledger/table.ts";

/** Columns of a value on a line of its own. */
const WIDEST = 1_000;
const LABEL = 12;
const RED = "\x1b[31m";

const HIDDEN = "[redacted]; --payload shows it";

export function listView(letters: readonly DeadLetter[], options: TableOptions): string {
  const columns: readonly Column[] = [
    { title: "ID" },
    { title: "TASK TYPE", share: 1 },
    { title: "REASON", share: 1 },
    { title: "ATTEMPTS", align: "right" },
    { title: "LAST ATTEMPT" },
    { title: "ERROR", share: 1, color: () => RED },
    { title: "MESSAGE", share: 2 },
  ];
  const rows = letters.map(({ id, taskType, reason, attempts, lastAttemptAt, error }) => [
    id,
    taskType,
    reason,
    formatCount(attempts),
    timeOf(lastAttemptAt),
    error.type,
    error.message,
  ]);
  return table(columns, rows, options);
}

export function letterView(letter: DeadLetter, withPayload: boolean): string {
  const { error, trace, agent, resolution, resolvedAt } = letter;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["id", letter.id],
    ["queue", letter.queue],
    ["task type", letter.taskType],
    ["reason", letter.reason],
    ["agent", agent],
    ["error", `${error.type}: ${error.message}`],
    ["attempts", `${formatCount(letter.attempts)}, ${counted(letter.replays, "replay")} of them`],
    ["first", timeOf(letter.firstAttemptAt)],
    ["last", timeOf(letter.lastAttemptAt)],
    ["entered", timeOf(letter.enteredAt)],
    ["trace", trace && `${trace.traceId} (span ${trace.spanId})`],
    ["resolved", resolvedAt && `${timeOf(resolvedAt)}: ${resolution ?? ""}`],
    ["payload", withPayload ? undefined : HIDDEN],
    ["context", withPayload ? undefined : HIDDEN],
    ...letter.history.map(
      ({ type, message, at }) => ["earlier", `${timeOf(at)} ${type}: ${message}`] as const,
    ),
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `${label.padEnd(LABEL)}${printable(value!, WIDEST)}\n`)
    .join("");
}

export function summaryView(summary: DeadLetterSummary, options: TableOptions): string {
  const { unresolved, resolved, oldestUnresolvedHours: hours, byTaskType, byErrorType } = summary;
  const head = `${counted(unresolved, "letter")} unresolved, ${formatCount(resolved)} resolved`;
  if (unresolved === 0) return `${head}\n`;
  const groups = (title: string, group: Readonly<Record<string, number>>) =>
    table(
      [
        { title, share: 1 },
        { title: "LETTERS", align: "right" },
      ],
      Object.entries(group).map(([name, letters]) => [name, formatCount(letters)]),
      options,
    );
  return `${head}; the oldest is ${hours} h old\n\n${groups("TASK TYPE", byTaskType)}\n${groups("ERROR", byErrorType)}`;
}

export function reportView({ letters, aborted, ...many }: ReplayReport, options: TableOptions): string {
  const columns: readonly Column[] = [
    { title: "ID" },
    { title: "TASK TYPE", share: 1 },
    { title: "OUTCOME" },
    { title: "ERROR", share: 2 },
  ];
  const rows = letters.map(({ id, taskType, outcome, error }) => [id, taskType, outcome, errorText(error)]);
  const counts = `${many.succeeded} succeeded, ${many.failed} failed, ${many.skipped} skipped`;
  const end = aborted ? "; ended before all were done" : "";
  return `${rows.length === 0 ? "" : `${table(columns, rows, options)}\n`}${counts}${end}\n`;
}

export function errorText(error: unknown): string {
  if (error === undefined) return "";
  return error instanceof Error ? error.message || error.name : String(error);
}

/** `2026-11-21 10:15:02Z`. */
function timeOf(date: Date): string {
  // A store may hold any number.
  if (Number.isNaN(date.getTime())) return "?";
  return date.toISOString().replace("T", " ").replace(/\..*/, "Z");
}
