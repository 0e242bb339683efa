import type { CallRecord } from "../../../telemetry/call-record.ts";
import type { TraceSpan } from "../../../telemetry/trace-span.ts";
import type { Marks } from "../marks.ts";
import type { Statements } from "../statements.ts";
import type { TelemetryBatch } from "../telemetry-batch.ts";
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

/** Writes what arrives. A span that is there is left as it is, and counts nowhere again. */
export class Ingest {
  readonly #statements: Statements;
  readonly #resources: Resources;
  readonly #traces: TraceWriter;
  readonly #rollups: RollupWriter;
  readonly #series: SeriesWriter;
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
    const { attributes, record } = callOfSpan(span, startUs);
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
    if (changes === 0) return false;
    trace.addSpan(span, startUs, name, resource);
    if (name !== "") trace.addMark(this.#marks.idOf("span", name));
    if (record !== undefined) this.#addCall(record, trace, nowMs);
    if (events.length > 0) writeSpanEvents(this.#statements, span, trace);
    return true;
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

/** JSON has no bigint: times are text. */
function eventsText(events: TraceSpan["events"]): string {
  return JSON.stringify(events.map(({ name, timeNs, attributes }) => [name, timeNs.toString(), attributes]));
}
