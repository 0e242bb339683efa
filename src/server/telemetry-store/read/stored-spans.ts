import type { SpanKind } from "@opentelemetry/api";
import type { TraceEvent, TraceLink, TraceSpan } from "../../../telemetry/trace-span.ts";
import type { LogLine } from "../../api/traces.ts";
import type { Statements } from "../statements.ts";
import type { PlainAttributes } from "../telemetry-batch.ts";
import type { ResourceReader } from "./resource-reader.ts";
import { isoTime } from "./trace-row.ts";

/** Of one trace. */
export const MAX_SPANS = 10_000;
const MAX_LOGS = 10_000;

// Nanoseconds as text, since a number would be rounded, and a bigint for each number of a row costs more.
const SPANS = `SELECT span_id, parent_id, name, kind, CAST(start_ns AS TEXT) AS start_ns, CAST(end_ns AS TEXT) AS end_ns, status,
    status_message, resource, scope, attributes, events, links
  FROM spans WHERE trace = ? LIMIT ${MAX_SPANS + 1}`;
const LOGS = `SELECT span_id, time_us, severity, body, event_name, resource, attributes
  FROM logs WHERE trace = ? ORDER BY time_us LIMIT ${MAX_LOGS + 1}`;

type Row = Readonly<Record<string, unknown>>;

/** The spans of a trace by their start, and whether some were left out. */
export function storedSpans(
  statements: Statements,
  resources: ResourceReader,
  trace: { readonly key: number; readonly trace_id: string },
): { readonly spans: readonly TraceSpan[]; readonly truncated: boolean } {
  const rows = statements.get(SPANS).all(trace.key);
  const spans = rows
    .slice(0, MAX_SPANS)
    .map((row) => spanOf(row, trace.trace_id, resources))
    .sort((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0));
  return { spans, truncated: rows.length > MAX_SPANS };
}

function spanOf(row: Row, traceId: string, resources: ResourceReader): TraceSpan {
  const message = textOr(row["status_message"]);
  const links = json<readonly TraceLink[]>(row["links"], []);
  const endNs = textOr(row["end_ns"]);
  return {
    traceId,
    spanId: String(row["span_id"]),
    parentSpanId: textOr(row["parent_id"]),
    name: String(row["name"]),
    kind: Number(row["kind"]) as SpanKind,
    startNs: BigInt(String(row["start_ns"])),
    endNs: endNs === undefined ? undefined : BigInt(endNs),
    status: { code: Number(row["status"]), ...(message !== undefined && { message }) },
    attributes: json<PlainAttributes>(row["attributes"], {}),
    events: eventsOf(row["events"]),
    ...(links.length > 0 && { links }),
    resource: resources.read(Number(row["resource"])).attributes,
    scope: textOr(row["scope"]),
  };
}

function eventsOf(column: unknown): readonly TraceEvent[] {
  return json<readonly (readonly [string, string, PlainAttributes])[]>(column, []).map(
    ([name, timeNs, attributes]) => ({ name, timeNs: BigInt(timeNs), attributes }),
  );
}

/** The lines of a trace by their time, and whether some were left out. */
export function storedLogs(
  statements: Statements,
  resources: ResourceReader,
  trace: number,
): { readonly logs: readonly LogLine[]; readonly truncated: boolean } {
  const rows = statements.get(LOGS).all(trace);
  const logs = rows.slice(0, MAX_LOGS).map((row) => ({
    time: isoTime(Number(row["time_us"])),
    severity: String(row["severity"]),
    body: String(row["body"]),
    event_name: textOr(row["event_name"]) ?? null,
    service: resources.read(Number(row["resource"])).service,
    span_id: textOr(row["span_id"]) ?? null,
    attributes: json<Record<string, unknown>>(row["attributes"], {}),
  }));
  return { logs, truncated: rows.length > MAX_LOGS };
}

function textOr(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** As this package has written it. */
function json<T>(column: unknown, none: T): T {
  return typeof column === "string" ? (JSON.parse(column) as T) : none;
}
