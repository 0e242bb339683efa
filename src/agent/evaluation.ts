import { type Attributes, context, type SpanContext, SpanKind, trace } from "@opentelemetry/api";
import { safely } from "../internal/warn-once.ts";
import { evaluationCounts } from "../telemetry/evaluation-counts.ts";
import { type EventKind, emitEvent } from "../telemetry/events.ts";
import * as names from "../telemetry/semconv.ts";
import { currentTracer } from "../telemetry/tracer.ts";
import { type EvaluatedSpan, evaluatedOf } from "./evaluation/evaluated.ts";
import { checkEvaluation, type Evaluation, evaluationAttributes } from "./evaluation/evaluation.ts";

export type { EvaluatedSpan } from "./evaluation/evaluated.ts";
export type { Evaluation } from "./evaluation/evaluation.ts";

const EVENT: EventKind = { eventName: names.EVENT_EVALUATION, severityNumber: 9, severityText: "INFO" };

/**
 * Records how good an answer was, as the conventions' event `gen_ai.evaluation.result` of the span that is evaluated.
 *
 * The event is a log record, where the program has a logs pipeline, and is on the trace in any case: as an event of the span while that
 * lasts; after it has ended, on a span `evaluate {name}` right below it, made now. Counted in `agents.evaluations`, and scores of 0
 * and above in `agents.evaluation.score`, also without an SDK.
 *
 * @param span What is evaluated: a span, also one that has ended, or its ids, also from another process. `undefined`: the active span.
 * @throws TypeError or RangeError when the evaluation is unfit: a score that is not finite, no score and no label, or ids that are none.
 */
export function recordEvaluation(span: EvaluatedSpan | undefined, evaluation: Evaluation): void {
  checkEvaluation(evaluation);
  const evaluated = evaluatedOf(span);
  const { name, score, label } = evaluation;
  safely("counting an evaluation", () =>
    evaluationCounts.count({ name, label, score, agent: evaluated.agent }),
  );
  const { spanContext, live } = evaluated;
  if (spanContext === undefined) return;
  const attributes = evaluationAttributes(evaluation, evaluation.responseId ?? evaluated.responseId);
  emitEvent(EVENT, trace.setSpanContext(context.active(), spanContext), () => ({ ...attributes }));
  safely("recording an evaluation", () => {
    if (live !== undefined) live.addEvent(names.EVENT_EVALUATION, attributes);
    else addSpan(spanContext, attributes, evaluated.agent);
  });
}

/** The span has ended, perhaps in another process: what is to be seen with it has to be a span itself. */
function addSpan(evaluated: SpanContext, event: Attributes, agent: string | undefined): void {
  const name = event[names.ATTR_EVALUATION_NAME];
  const span = currentTracer()?.startSpan(
    `evaluate ${String(name)}`,
    {
      kind: SpanKind.INTERNAL,
      attributes: {
        [names.ATTR_EVALUATION_NAME]: name,
        ...(agent !== undefined && { [names.ATTR_AGENT_NAME]: agent }),
      },
    },
    trace.setSpanContext(context.active(), evaluated),
  );
  span?.addEvent(names.EVENT_EVALUATION, event);
  span?.end();
}
