import { isSpanContextValid, type SpanContext, TraceFlags, trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";

const TRACE = /^([0-9a-f]{32})-([0-9a-f]{16})$/;

/** Ids of the active span, to be kept with a run: `traceId-spanId`. */
export function traceNow(): string | undefined {
  let found: string | undefined;
  safely("reading a span's ids", () => {
    const span = trace.getActiveSpan()?.spanContext();
    if (span !== undefined && isSpanContextValid(span)) found = `${span.traceId}-${span.spanId}`;
  });
  return found;
}

/** The span behind such ids, as a link needs it. */
export function spanOfTrace(text: string | undefined): SpanContext | undefined {
  const [, traceId, spanId] = TRACE.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  const span: SpanContext = { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}

/** Says on the active span which run it is. */
export function describeRun(workflowId: string): void {
  safely("describing a run of a workflow", () => {
    trace.getActiveSpan()?.setAttribute(names.ATTR_WORKFLOW_ID, workflowId);
  });
}

/** Says on the active span that it goes on with a run, and links it to the span that ran it before. */
export function linkToRun(before: string | undefined, completedSteps: number, crashes: number): void {
  safely("linking a run of a workflow", () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    const context = spanOfTrace(before);
    if (context !== undefined) span.addLink({ context });
    span.addEvent(names.EVENT_WORKFLOW_RESUMED, {
      [names.ATTR_WORKFLOW_COMPLETED]: completedSteps,
      [names.ATTR_WORKFLOW_CRASHES]: crashes,
    });
  });
}
