import * as names from "../../../telemetry/semconv.ts";
import type { TraceEvent, TraceSpan } from "../../../telemetry/trace-span.ts";
import type { Statements } from "../statements.ts";
import { columnText } from "./column-text.ts";
import type { TraceEntry } from "./trace-entry.ts";

const ADD_FINDING = `INSERT INTO findings (trace, span_id, time_us, mode, agent, action, evidence)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const ADD_BREAKER_EVENT = `INSERT INTO breaker_events (trace, time_us, kind, breaker, from_state, to_state, reason, error_type)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

const BREAKER_KINDS: Readonly<Record<string, string>> = {
  [names.EVENT_BREAKER_TRANSITION]: "transition",
  [names.EVENT_BREAKER_REJECTION]: "rejection",
};
/** Of each event of a finding, its own names. */
const FINDING_PREFIX = `${names.EVENT_FAILURE_MODE}.`;
const NOT_EVIDENCE: ReadonlySet<string> = new Set([
  names.ATTR_AGENT_NAME,
  names.ATTR_FAILURE_MODE,
  names.ATTR_FAILURE_MODE_ACTION,
]);

/** Findings of detectors and what breakers did are events of the spans that they happened in; here they become rows that lists are made from. */
/** @param nowMs What a sender whose clock is ahead tells of happens now, at the latest. */
export function writeSpanEvents(
  statements: Statements,
  span: TraceSpan,
  trace: TraceEntry,
  nowMs: number,
): void {
  for (const event of span.events) {
    if (event.name === names.EVENT_FAILURE_MODE) writeFinding(statements, span, event, trace, nowMs);
    else if (Object.hasOwn(BREAKER_KINDS, event.name))
      writeBreakerEvent(statements, span, event, trace, nowMs);
  }
}

function writeFinding(
  statements: Statements,
  span: TraceSpan,
  event: TraceEvent,
  trace: TraceEntry,
  nowMs: number,
): void {
  const { attributes } = event;
  const mode = columnText(attributes[names.ATTR_FAILURE_MODE]);
  if (mode === undefined) return;
  const evidence = Object.entries(attributes)
    .filter(([key]) => !NOT_EVIDENCE.has(key))
    .map(([key, value]) => [key.startsWith(FINDING_PREFIX) ? key.slice(FINDING_PREFIX.length) : key, value]);
  const agent = attributes[names.ATTR_AGENT_NAME] ?? span.attributes[names.ATTR_AGENT_NAME];
  trace.columns.findings += 1;
  statements
    .get(ADD_FINDING)
    .run(
      trace.columns.key,
      span.spanId,
      microseconds(event, nowMs),
      mode,
      columnText(agent) ?? "",
      columnText(attributes[names.ATTR_FAILURE_MODE_ACTION]) ?? "none",
      JSON.stringify(Object.fromEntries(evidence)),
    );
}

function writeBreakerEvent(
  statements: Statements,
  span: TraceSpan,
  event: TraceEvent,
  trace: TraceEntry,
  nowMs: number,
): void {
  const { attributes } = event;
  const breaker = columnText(attributes[names.ATTR_BREAKER_NAME]);
  const kind = BREAKER_KINDS[event.name];
  if (breaker === undefined || kind === undefined) return;
  const state = columnText(attributes[names.ATTR_BREAKER_STATE]);
  statements
    .get(ADD_BREAKER_EVENT)
    .run(
      trace.columns.key,
      microseconds(event, nowMs),
      kind,
      breaker,
      columnText(attributes[names.ATTR_BREAKER_FROM]) ?? state ?? null,
      columnText(attributes[names.ATTR_BREAKER_TO]) ?? null,
      columnText(attributes[names.ATTR_BREAKER_REASON]) ?? null,
      columnText(span.attributes[names.ATTR_ERROR_TYPE]) ?? null,
    );
}

function microseconds({ timeNs }: TraceEvent, nowMs: number): number {
  return Math.min(Number(timeNs / 1_000n), nowMs * 1e3);
}
