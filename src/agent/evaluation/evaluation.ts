import type { Attributes } from "@opentelemetry/api";
import { checkName } from "../../internal/check-name.ts";
import { cutText, redactBeginning } from "../../internal/redact.ts";
import * as names from "../../telemetry/semconv.ts";

/** What an evaluator says of one call: see {@link recordEvaluation}. A score, a label, or both. */
export interface Evaluation {
  /** Of what is judged, as `relevance`. Low in cardinality: it is a metric label. 1 to 128 characters. */
  readonly name: string;
  /** On the evaluator's own scale. A finite number. */
  readonly score?: number;
  /** As `relevant` or `pass`. Low in cardinality: it is a metric label. 1 to 128 characters. */
  readonly label?: string;
  /** Why. Recorded with secrets redacted, and cut to 1,024 characters; it may quote what was judged. */
  readonly explanation?: string;
  /** Id of the model's answer that was judged. @default that of the span, where it can be read */
  readonly responseId?: string;
}

const MAX_EXPLANATION = 1_024;
const MAX_RESPONSE_ID = 256;

/** @throws TypeError or RangeError that names the field. */
export function checkEvaluation(evaluation: Evaluation): void {
  if (typeof evaluation !== "object" || evaluation === null)
    throw new TypeError(`recordEvaluation: the evaluation must be an object, got ${String(evaluation)}`);
  const { name, score, label, explanation, responseId } = evaluation;
  checkName("recordEvaluation", name);
  if (score === undefined && label === undefined)
    throw new TypeError(`recordEvaluation: "${name}" must have a score or a label, got neither`);
  if (score !== undefined && (typeof score !== "number" || !Number.isFinite(score)))
    throw new RangeError(`recordEvaluation: score must be a finite number, got ${String(score)}`);
  if (label !== undefined) checkName("recordEvaluation: label", label);
  checkText("explanation", explanation);
  checkText("responseId", responseId);
}

function checkText(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== "string")
    throw new TypeError(`recordEvaluation: ${field} must be a string, got ${typeof value}`);
}

/** The event's attributes, as the conventions have them. */
export function evaluationAttributes(evaluation: Evaluation, responseId: string | undefined): Attributes {
  const { name, score, label, explanation } = evaluation;
  const attributes: Attributes = { [names.ATTR_EVALUATION_NAME]: name };
  if (score !== undefined) attributes[names.ATTR_EVALUATION_SCORE] = score;
  if (label !== undefined) attributes[names.ATTR_EVALUATION_LABEL] = label;
  if (explanation !== undefined && explanation !== "")
    attributes[names.ATTR_EVALUATION_EXPLANATION] = cutText(
      redactBeginning(explanation, 2 * MAX_EXPLANATION, "content"),
      MAX_EXPLANATION,
    );
  if (responseId !== undefined) attributes[names.ATTR_RESPONSE_ID] = cutText(responseId, MAX_RESPONSE_ID);
  return attributes;
}
