import { evaluatedBy, readEvaluation, type ToldEvaluation } from "../../telemetry/evaluations.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import type { LogLine, TraceEvaluation } from "../api/traces.ts";

const MOST = 100;

/**
 * Evaluations by the span that they are about: events of the span, of spans that were made for it afterwards, and log records. One that came
 * as a log record and on a span is one.
 */
export function evaluationsBySpan(
  spans: readonly TraceSpan[],
  logs: readonly LogLine[],
): ReadonlyMap<string, readonly TraceEvaluation[]> {
  const found = new Map<string, TraceEvaluation[]>();
  const onSpans = new Map<string, number>();
  const add = (spanId: string, evaluation: ToldEvaluation, time: string): void => {
    const list = found.get(spanId) ?? [];
    if (list.length < MOST) list.push(shown(evaluation, time));
    found.set(spanId, list);
  };
  for (const span of spans) {
    const spanId = evaluatedBy(span) ?? span.spanId;
    for (const { name, timeNs, attributes } of span.events) {
      const evaluation = readEvaluation(name, attributes);
      if (evaluation === undefined) continue;
      add(spanId, evaluation, new Date(Number(timeNs / 1_000_000n)).toISOString());
      const key = keyOf(spanId, evaluation);
      onSpans.set(key, (onSpans.get(key) ?? 0) + 1);
    }
  }
  for (const { span_id: spanId, event_name: name, attributes, time } of logs) {
    const evaluation = readEvaluation(name, attributes);
    if (evaluation === undefined || spanId === null) continue;
    const key = keyOf(spanId, evaluation);
    const same = onSpans.get(key) ?? 0;
    if (same > 0) onSpans.set(key, same - 1);
    else add(spanId, evaluation, time);
  }
  return found;
}

function shown(evaluation: ToldEvaluation, time: string): TraceEvaluation {
  const { name, score = null, label = null, explanation = null, responseId: response_id = null } = evaluation;
  return { name, score, label, explanation, response_id, time };
}

function keyOf(spanId: string, { name, score, label, explanation }: ToldEvaluation): string {
  return JSON.stringify([spanId, name, score, label, explanation]);
}
