import { isModelOperation } from "../../../agent/call-record.ts";
import type { CallRecord } from "../../../telemetry/call-record.ts";
import { evaluatedBy } from "../../../telemetry/evaluations.ts";
import { isFailed, type TraceSpan } from "../../../telemetry/trace-span.ts";

/** No sum goes beyond what a number counts exactly. */
const MOST = Number.MAX_SAFE_INTEGER;
/** Names that one trace is found by; further ones are in its spans alone. */
const MAX_MARKS = 256;

/** A row of the table `traces`. */
export interface TraceColumns {
  readonly key: number;
  readonly trace_id: string;
  seen_ms: number;
  name: string;
  resource: number;
  has_root: number;
  first_us: number;
  start_us: number;
  duration_us: number;
  spans: number;
  errors: number;
  model_calls: number;
  tokens: number;
  cost: number;
  unpriced: number;
  findings: number;
  logs: number;
  marks: string;
}

/** The summary of one trace while spans are added to it, in whatever order they come. */
export class TraceEntry {
  readonly columns: TraceColumns;
  /** Whether it is in the database. */
  readonly stored: boolean;
  readonly marks: Set<number>;
  /** Those that are not in the database. */
  readonly newMarks: number[] = [];

  constructor(columns: TraceColumns, stored: boolean) {
    this.columns = columns;
    this.stored = stored;
    this.marks = new Set(stored ? (JSON.parse(columns.marks) as number[]) : []);
  }

  /** @param startUs When it began, microseconds since the epoch. */
  addSpan(span: TraceSpan, startUs: number, name: string, resource: number): void {
    const { columns } = this;
    if (columns.spans > 0 && evaluatedBy(span) !== undefined) {
      // It may come a day later, and the request has not lasted that long.
      columns.spans += 1;
      return;
    }
    const nanos = span.endNs === undefined ? 0 : Number(span.endNs - span.startNs);
    const endUs = startUs + Math.max(0, Math.round(nanos / 1e3));
    const before = columns.spans === 0;
    const startBefore = before ? startUs : columns.start_us;
    const endBefore = before ? endUs : columns.start_us + columns.duration_us;
    columns.start_us = Math.min(startBefore, startUs);
    columns.duration_us = Math.max(endBefore, endUs) - columns.start_us;
    columns.spans += 1;
    if (isFailed(span)) columns.errors += 1;
    const isRoot = span.parentSpanId === undefined ? 1 : 0;
    if (!before && !this.#isFirst(isRoot, startUs)) return;
    columns.name = name;
    columns.resource = resource;
    columns.has_root = isRoot;
    columns.first_us = startUs;
  }

  /** @param failed Whether it counts as failed already. */
  finishSpan(span: TraceSpan, startUs: number, failed: boolean): void {
    const { columns } = this;
    const nanos = span.endNs === undefined ? 0 : Number(span.endNs - span.startNs);
    const endUs = startUs + Math.max(0, Math.round(nanos / 1e3));
    columns.duration_us = Math.max(columns.duration_us, endUs - columns.start_us);
    if (!failed && isFailed(span)) columns.errors += 1;
  }

  addCall(record: CallRecord): void {
    if (!isModelOperation(record.operation)) return;
    const { columns } = this;
    const { inputTokens, outputTokens, costNanoUsd } = record;
    columns.model_calls += 1;
    columns.tokens = Math.min(MOST, columns.tokens + (inputTokens ?? 0) + (outputTokens ?? 0));
    if (costNanoUsd !== undefined) columns.cost = Math.min(MOST, Math.max(0, columns.cost) + costNanoUsd);
    else if (inputTokens !== undefined || outputTokens !== undefined) columns.unpriced += 1;
  }

  addMark(id: number): void {
    if (this.marks.has(id) || this.marks.size >= MAX_MARKS) return;
    this.marks.add(id);
    this.newMarks.push(id);
  }

  /** A span without a parent goes before all others; else the earliest. */
  #isFirst(isRoot: number, startUs: number): boolean {
    const { has_root, first_us } = this.columns;
    return isRoot === has_root ? startUs < first_us : isRoot > has_root;
  }
}

export function newTrace(key: number, traceId: string): TraceEntry {
  return new TraceEntry(
    {
      key,
      trace_id: traceId,
      seen_ms: 0,
      name: "",
      resource: 0,
      has_root: 0,
      first_us: 0,
      start_us: 0,
      duration_us: 0,
      spans: 0,
      errors: 0,
      model_calls: 0,
      tokens: 0,
      cost: -1,
      unpriced: 0,
      findings: 0,
      logs: 0,
      marks: "[]",
    },
    false,
  );
}
