import { isSpanContextValid, type SpanContext, trace } from "@opentelemetry/api";
import { reportFailure } from "../internal/warn-once.ts";
import { ATTR_AGENT_NAME, LOG_SPAN_ID, LOG_TRACE_FLAGS, LOG_TRACE_ID } from "../telemetry/semconv.ts";
import { activeContext, activeScope } from "./active-scope.ts";

/** What ties a log line to its span and its agent: see {@link logContext}. */
export interface LogContext {
  /** 32 hex digits. The three ids are there together or not at all. */
  [LOG_TRACE_ID]?: string;
  /** 16 hex digits. */
  [LOG_SPAN_ID]?: string;
  /** 2 hex digits: `01` where the trace is sampled. */
  [LOG_TRACE_FLAGS]?: string;
  /** The innermost agent at work. */
  [ATTR_AGENT_NAME]?: string;
}

/**
 * The fields that tie a log line to its trace and its agent, for loggers that `register` does not know:
 * `pino({ mixin: logContext })`, `logger.info({ ...logContext(), message })`.
 *
 * @returns A new object: the ids of the active span, absent without an SDK, and the agent at work, absent outside of any. Empty
 *   where there is neither. Never throws.
 */
export function logContext(): LogContext {
  return readLogContext() ?? {};
}

/** As `logContext`, but makes no object where there is nothing to say: every line of a program comes through here. */
export function readLogContext(): LogContext | undefined {
  try {
    const active = activeContext();
    const agent = activeScope(active)?.agent;
    const span = trace.getSpanContext(active);
    const ids = span !== undefined && isSpanContextValid(span) ? idsOf(span) : undefined;
    if (agent === undefined) return ids;
    return { ...ids, [ATTR_AGENT_NAME]: agent };
  } catch (error) {
    reportFailure("reading the context of a log line", error);
    return undefined;
  }
}

function idsOf({ traceId, spanId, traceFlags }: SpanContext): LogContext {
  return {
    [LOG_TRACE_ID]: traceId,
    [LOG_SPAN_ID]: spanId,
    [LOG_TRACE_FLAGS]: traceFlags.toString(16).padStart(2, "0"),
  };
}
