import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { evaluatedBy } from "../../telemetry/evaluations.ts";
import * as names from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import type { TraceDetail, TraceEvaluation, TraceSpanRow } from "../api/traces.ts";
import type { StoredTrace } from "../sources/sources.ts";
import { evaluationsBySpan } from "./evaluations-view.ts";

const MOST_SPANS = 10_000;
const STATUSES: Readonly<Record<number, TraceSpanRow["status"]>> = {
  [SpanStatusCode.UNSET]: "unset",
  [SpanStatusCode.OK]: "ok",
  [SpanStatusCode.ERROR]: "error",
};

/** One trace, its spans by their start. */
export function traceView({ row, spans, logs, truncated }: StoredTrace): TraceDetail {
  const sorted = [...spans].sort(byStart);
  const originNs = sorted[0]?.startNs ?? 0n;
  const evaluations = evaluationsBySpan(sorted, logs);
  return {
    ...row,
    agents: [...row.agents],
    models: [...row.models],
    span_list: sorted
      .slice(0, MOST_SPANS)
      .map((span) => spanView(span, originNs, evaluations.get(span.spanId))),
    logs: [...logs],
    truncated: truncated || sorted.length > MOST_SPANS,
  };
}

function byStart(a: TraceSpan, b: TraceSpan): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
}

function spanView(
  span: TraceSpan,
  originNs: bigint,
  evaluations: readonly TraceEvaluation[] = [],
): TraceSpanRow {
  const { attributes } = span;
  return {
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    name: span.name,
    kind: (SpanKind[span.kind] ?? "internal").toLowerCase(),
    scope: span.scope ?? null,
    service: text(span.resource[names.ATTR_SERVICE_NAME]) ?? "",
    operation: text(attributes[names.ATTR_OPERATION]),
    agent: text(attributes[names.ATTR_AGENT_NAME]),
    tool: text(attributes[names.ATTR_TOOL_NAME]),
    model: text(attributes[names.ATTR_RESPONSE_MODEL]) ?? text(attributes[names.ATTR_REQUEST_MODEL]),
    start: timeOf(span.startNs),
    offset_ms: milliseconds(span.startNs - originNs),
    // A clock that jumps can end a span before it began.
    duration_ms: span.endNs === undefined ? null : Math.max(0, milliseconds(span.endNs - span.startNs)),
    status: STATUSES[span.status.code] ?? "unset",
    status_message: span.status.message ?? null,
    error_type: text(attributes[names.ATTR_ERROR_TYPE]),
    input_tokens: count(attributes[names.ATTR_USAGE_INPUT]),
    output_tokens: count(attributes[names.ATTR_USAGE_OUTPUT]),
    cost_usd: amount(attributes[names.ATTR_COST_AMOUNT]),
    attributes: { ...attributes },
    events: span.events.map((event) => ({
      name: event.name,
      time: timeOf(event.timeNs),
      offset_ms: milliseconds(event.timeNs - originNs),
      attributes: { ...event.attributes },
    })),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ trace_id: traceId, span_id: spanId })),
    evaluations: [...evaluations],
    evaluates: evaluatedBy(span) ?? null,
  };
}

/** To the microsecond. */
function milliseconds(ns: bigint): number {
  return Number(ns / 1_000n) / 1_000;
}

function timeOf(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toISOString();
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function amount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}
