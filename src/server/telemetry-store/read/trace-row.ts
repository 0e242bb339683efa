import type { TraceRow } from "../../api/traces.ts";
import { MARK_KINDS, type Marks } from "../marks.ts";
import type { TraceColumns } from "../write/trace-entry.ts";
import type { ResourceReader } from "./resource-reader.ts";

/** A row of the table as the API has it. */
export function traceRow(columns: TraceColumns, marks: Marks, resources: ResourceReader): TraceRow {
  const found = (JSON.parse(columns.marks) as number[]).flatMap((id) => marks.read(id) ?? []);
  const names = (kind: number): string[] =>
    found
      .filter((mark) => mark.kind === kind)
      .map(({ name }) => name)
      .sort();
  return {
    trace_id: columns.trace_id,
    name: columns.name,
    service: resources.read(columns.resource).service,
    start: isoTime(columns.start_us),
    duration_ms: columns.duration_us / 1e3,
    spans: columns.spans,
    errors: columns.errors,
    agents: names(MARK_KINDS.agent),
    models: names(MARK_KINDS.model),
    model_calls: columns.model_calls,
    tokens: columns.tokens,
    cost_usd: columns.cost < 0 ? null : columns.cost / 1e9,
    unpriced_calls: columns.unpriced,
    findings: columns.findings,
  };
}

/** @param us Microseconds since the epoch. */
export function isoTime(us: number): string {
  return new Date(us / 1e3).toISOString();
}
