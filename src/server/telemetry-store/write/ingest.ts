import { SpanStatusCode } from "@opentelemetry/api";
import { ArrivedSpans } from "../../../agent/foreign/arrived-spans.ts";
import type { CallRecord } from "../../../telemetry/call-record.ts";
import type { TraceSpan } from "../../../telemetry/trace-span.ts";
import type { Marks } from "../marks.ts";
import type { Statements } from "../statements.ts";
import type { PlainAttributes, TelemetryBatch } from "../telemetry-batch.ts";
import { callOfSpan } from "./call-of-span.ts";
import { columnText } from "./column-text.ts";
import { writeLogs } from "./logs.ts";
import { Resources } from "./resources.ts";
import { RollupWriter } from "./rollups.ts";
import { SeriesWriter } from "./series.ts";
import { writeSpanEvents } from "./span-events.ts";
import type { TraceEntry } from "./trace-entry.ts";
import { TraceWriter } from "./traces.ts";

const ADD_SPAN = `INSERT OR IGNORE INTO spans (trace, span_id, parent_id, name, kind, start_ns, end_ns, status, status_message, resource, scope,
    attributes, events, links)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const UNFINISHED = "SELECT id, status, events FROM spans WHERE trace = ? AND span_id = ? AND end_ns IS NULL";
const FINISH =
  "UPDATE spans SET end_ns = ?, status = ?, status_message = ?, attributes = ?, events = ? WHERE id = ?";
const ERROR: number = SpanStatusCode.ERROR;

/** Writes what arrives. A finished span that is there is left as it is, and counts nowhere again. */
export class Ingest {
  readonly #statements: Statements;
  readonly #resources: Resources;
  readonly #traces: TraceWriter;
  readonly #rollups: RollupWriter;
  readonly #series: SeriesWriter;
  readonly #arrived = new ArrivedSpans();
  readonly #marks: Marks;

  constructor(statements: Statements, marks: Marks) {
    this.#statements = statements;
    this.#marks = marks;
    this.#resources = new Resources(statements);
    this.#traces = new TraceWriter(statements);
    this.#rollups = new RollupWriter(statements);
    this.#series = new SeriesWriter(statements);
  }

  /** Once, before anything is written. */
  begin(nowMs: number): void {
    this.#rollups.begin(nowMs);
  }

  /** Only within a transaction; where that fails, `forget` follows. @returns How many spans are new. */
  write(batches: readonly TelemetryBatch[], nowMs: number): number {
    let added = 0;
    for (const { spans = [], points = [], logs = [] } of batches) {
      this.#arrived.read(spans);
      for (const span of spans) if (this.#addSpan(span, nowMs)) added += 1;
      if (points.length > 0) this.#series.write(points, this.#resources, nowMs);
      if (logs.length > 0) writeLogs(this.#statements, this.#traces, this.#resources, logs, nowMs);
    }
    this.#traces.write(nowMs);
    this.#rollups.write();
    return added;
  }

  /** What is summed up after a while. Only within a transaction; where that fails, `forget` follows. */
  sumUp(nowMs: number): void {
    this.#rollups.fold(nowMs);
  }

  /** Forgets what is remembered of the database. */
  forget(): void {
    this.#resources.forget();
    this.#traces.forget();
    this.#rollups.forget();
    this.#series.forget();
    this.#marks.forget();
  }

  #addSpan(span: TraceSpan, nowMs: number): boolean {
    const startUs = Number(span.startNs / 1_000n);
    const { attributes, record } = callOfSpan(span, startUs, this.#arrived);
    const trace = this.#traces.entry(span.traceId);
    const name = columnText(span.name) ?? "";
    const resource = this.#resources.idOf(span.resource, nowMs);
    const { events, links = [], status } = span;
    const { changes } = this.#statements
      .get(ADD_SPAN)
      .run(
        trace.columns.key,
        span.spanId,
        span.parentSpanId ?? null,
        name,
        span.kind,
        span.startNs,
        span.endNs ?? null,
        status.code,
        status.message ?? null,
        resource,
        span.scope ?? null,
        JSON.stringify(attributes),
        events.length === 0 ? null : eventsText(events),
        links.length === 0 ? null : JSON.stringify(links),
      );
    if (changes === 0) return this.#finish(span, attributes, record, trace, nowMs);
    trace.addSpan(span, arrivedUs(span, startUs, nowMs), name, resource);
    if (name !== "") trace.addMark(this.#marks.idOf("span", name));
    if (record !== undefined) this.#addCall(record, trace, nowMs);
    if (events.length > 0) writeSpanEvents(this.#statements, span, trace, nowMs);
    return true;
  }

  /** A span that was sent before it had ended, and again when it had. It counts as a call now. @returns `false`: it is no new one. */
  #finish(
    span: TraceSpan,
    attributes: PlainAttributes,
    record: CallRecord | undefined,
    trace: TraceEntry,
    nowMs: number,
  ): false {
    if (span.endNs === undefined) return false;
    const before = this.#statements.get(UNFINISHED).get(trace.columns.key, span.spanId);
    if (before === undefined) return false;
    const { events, status } = span;
    this.#statements
      .get(FINISH)
      .run(
        span.endNs,
        status.code,
        status.message ?? null,
        JSON.stringify(attributes),
        events.length === 0 ? null : eventsText(events),
        Number(before["id"]),
      );
    trace.finishSpan(span, arrivedUs(span, Number(span.startNs / 1_000n), nowMs), before["status"] === ERROR);
    if (record !== undefined) this.#addCall(record, trace, nowMs);
    const known = before["events"] === null ? 0 : (JSON.parse(String(before["events"])) as unknown[]).length;
    writeSpanEvents(this.#statements, { ...span, events: events.slice(known) }, trace, nowMs);
    return false;
  }

  #addCall(record: CallRecord, trace: TraceEntry, nowMs: number): void {
    trace.addCall(record);
    this.#rollups.add(record, nowMs);
    this.#mark(trace, "agent", record.agent);
    this.#mark(trace, "tool", record.tool);
    this.#mark(trace, "model", record.responseModel ?? record.requestModel);
    this.#mark(trace, "conversation", record.conversation);
  }

  #mark(
    trace: TraceEntry,
    kind: "agent" | "tool" | "model" | "conversation",
    value: string | undefined,
  ): void {
    const name = columnText(value);
    if (name !== undefined) trace.addMark(this.#marks.idOf(kind, name));
  }
}

/** Its start by the clock of this process, where that of the sender is ahead: it had ended when it arrived. */
function arrivedUs({ startNs, endNs = startNs }: TraceSpan, startUs: number, nowMs: number): number {
  const endUs = Math.max(startUs, Number(endNs / 1_000n));
  return startUs - Math.max(0, endUs - nowMs * 1e3);
}

/** JSON has no bigint: times are text. */
function eventsText(events: TraceSpan["events"]): string {
  return JSON.stringify(events.map(({ name, timeNs, attributes }) => [name, timeNs.toString(), attributes]));
}
