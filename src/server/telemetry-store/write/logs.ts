import { createHash } from "node:crypto";
import type { Statements } from "../statements.ts";
import type { LogRecord } from "../telemetry-batch.ts";
import type { Resources } from "./resources.ts";
import type { TraceWriter } from "./traces.ts";

const ADD = `INSERT OR IGNORE INTO logs (trace, span_id, time_us, severity, body, event_name, resource, attributes, digest)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** Lines of one trace that are kept. */
const MAX_LOGS = 10_000;

/**
 * Keeps lines that belong to a trace; others are shown nowhere. A line has no id: what tells that it was sent again is its content,
 * and, for lines that are the same, which of them it is within its request.
 */
export function writeLogs(
  statements: Statements,
  traces: TraceWriter,
  resources: Resources,
  logs: readonly LogRecord[],
  nowMs: number,
): void {
  const seen = new Map<string, number>();
  for (const log of logs) {
    if (log.traceId === undefined) continue;
    const { columns } = traces.entry(log.traceId);
    if (columns.logs >= MAX_LOGS) continue;
    const attributes = JSON.stringify(log.attributes);
    const content = JSON.stringify([log.timeNs.toString(), log.spanId, log.severity, log.body, attributes]);
    const place = log.traceId + content;
    const before = seen.get(place) ?? 0;
    seen.set(place, before + 1);
    const { changes } = statements
      .get(ADD)
      .run(
        columns.key,
        log.spanId ?? null,
        logTimeUs(log, nowMs),
        log.severity,
        withoutNul(log.body),
        log.eventName ?? null,
        resources.idOf(log.resource, nowMs),
        attributes,
        digestOf(`${before} ${content}`),
      );
    columns.logs += Number(changes);
  }
}

/** Exact, as it is read as a number: a line that claims to be from beyond the year 2255 came when it arrived. */
function logTimeUs({ timeNs }: LogRecord, nowMs: number): number {
  const us = Number(timeNs / 1_000n);
  return us < Number.MAX_SAFE_INTEGER ? us : nowMs * 1e3;
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("base64url").slice(0, 16);
}

function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}
