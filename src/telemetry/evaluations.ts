import {
  ATTR_EVALUATION_EXPLANATION,
  ATTR_EVALUATION_LABEL,
  ATTR_EVALUATION_NAME,
  ATTR_EVALUATION_SCORE,
  ATTR_RESPONSE_ID,
  EVENT_EVALUATION,
} from "./semconv.ts";
import type { TraceSpan } from "./trace-span.ts";

/** An evaluation as it was told, by this package or another. */
export interface ToldEvaluation {
  readonly name: string;
  readonly score: number | undefined;
  readonly label: string | undefined;
  readonly explanation: string | undefined;
  readonly responseId: string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** @returns What an event says, a log record's or a span's; `undefined` where it is no evaluation, or has no name. */
export function readEvaluation(eventName: string | null, attributes: Values): ToldEvaluation | undefined {
  const name = text(attributes[ATTR_EVALUATION_NAME]);
  if (eventName !== EVENT_EVALUATION || name === undefined) return undefined;
  const score = attributes[ATTR_EVALUATION_SCORE];
  return {
    name,
    score: typeof score === "number" && Number.isFinite(score) ? score : undefined,
    label: text(attributes[ATTR_EVALUATION_LABEL]),
    explanation: text(attributes[ATTR_EVALUATION_EXPLANATION]),
    responseId: text(attributes[ATTR_RESPONSE_ID]),
  };
}

/** @returns The id of the span that this one was made to evaluate, after that had ended; `undefined` for all others. */
export function evaluatedBy({ attributes, parentSpanId }: TraceSpan): string | undefined {
  return text(attributes[ATTR_EVALUATION_NAME]) === undefined ? undefined : parentSpanId;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
